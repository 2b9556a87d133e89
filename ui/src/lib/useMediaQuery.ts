import { useCallback, useSyncExternalStore } from 'react'

export const phoneQuery = '(max-width: 720px)'
export const touchQuery = '(hover: none) and (pointer: coarse)'

/** During server rendering there is no screen. */
const isNever = () => false

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', onChange)
      return () => {
        list.removeEventListener('change', onChange)
      }
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches, isNever)
}
