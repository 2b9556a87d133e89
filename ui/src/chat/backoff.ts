const firstPause = 1_000
const longestPause = 30_000

/** Full jitter: a thousand clients of a restarted server don't come back in the same second. */
export function backoffDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestPause, firstPause * 2 ** attempt))
}
