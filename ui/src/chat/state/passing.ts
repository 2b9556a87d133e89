/** Temporary errors that aren't caused by the request itself: it may be sent again unchanged. */
const passing = ['network', 'outcome_unknown', 'storage_full', 'too_many_requests', 'unauthorized', 'unavailable']

export function isPassing(code: string): boolean {
  return passing.includes(code)
}
