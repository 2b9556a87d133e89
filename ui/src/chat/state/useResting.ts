import { useEffect, useState } from 'react'

/** The longest that a browser's timer can wait. */
const longest = 2 ** 31 - 1

/** Whether that time is still to come, as that of the end of somebody's quiet hours. */
export function useResting(until: string | null | undefined): boolean {
  const [now, setNow] = useState(Date.now)
  const end = until ? Date.parse(until) : 0
  useEffect(() => {
    const left = end - Date.now()
    if (left <= 0) return
    const timer = window.setTimeout(() => {
      setNow(Date.now())
    }, Math.min(left, longest))
    return () => {
      window.clearTimeout(timer)
    }
  }, [end, now])
  return end > now
}
