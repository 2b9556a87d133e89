import { useEffect, useState } from 'react'

/**
 * For a live region that appears together with its text, which screen readers don't announce: the text follows a moment
 * later.
 */
export function useSpokenText(text: string): string {
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSpoken(text)
    }, 100)
    return () => {
      window.clearTimeout(timer)
    }
  }, [text])
  return spoken
}
