/** Refusals that aren't the fault of what was asked for, and that pass: the same may be asked again, unchanged. */
const passing = ['network', 'outcome_unknown', 'too_many_requests', 'unauthorized', 'unavailable']

export function isPassing(code: string): boolean {
  return passing.includes(code)
}
