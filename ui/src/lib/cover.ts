import { useEffect } from 'react'

let covers = 0
const listeners = new Set<() => void>()

/** While mounted, the page below counts as covered. */
export function useCover(): void {
  useEffect(() => {
    change(1)
    return () => {
      change(-1)
    }
  }, [])
}

export function isCovered(): boolean {
  return covers > 0
}

/** Returns a function that stops it. */
export function onCoverChange(hear: () => void): () => void {
  listeners.add(hear)
  return () => {
    listeners.delete(hear)
  }
}

function change(by: number): void {
  covers += by
  for (const listener of listeners) listener()
}
