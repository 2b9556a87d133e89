const firstPause = 1_000
const longestPause = 30_000

/** For a refusal that only the person can end, by closing a window: 15 to 30 s, so that not all windows retry at once. */
export function leisurelyDelay(random: () => number): number {
  return longestPause / 2 + Math.round((random() * longestPause) / 2)
}

/** Full jitter, so that a thousand clients of a restarted server don't reconnect in the same second. */
export function backoffDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestPause, firstPause * 2 ** attempt))
}
