import { backoffDelay } from './backoff'

test('doubles from one second to thirty', () => {
  const longest = () => 1
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffDelay(attempt, longest))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ])
})

test('has full jitter: from zero to the longest pause', () => {
  expect(backoffDelay(3, () => 0)).toBe(0)
  expect(backoffDelay(3, () => 0.25)).toBe(2_000)
})
