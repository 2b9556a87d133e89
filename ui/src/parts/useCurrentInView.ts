import { type RefObject, useEffect, useRef } from 'react'

/** For a row that is scrolled sideways: keeps the current one of its sections, which is the `key`, in view. */
export function useCurrentInView<T extends HTMLElement>(key: string): RefObject<T | null> {
  const row = useRef<T>(null)
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [key])
  return row
}
