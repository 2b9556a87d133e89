import { newClientId } from './clientId'

test('identifiers of messages are in the order of time, and never the same', () => {
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 29) })
  const early = Array.from({ length: 1000 }, newClientId)
  jest.setSystemTime(Date.UTC(2026, 10, 29) + 1)
  const late = newClientId()
  jest.useRealTimers()
  expect(new Set(early).size).toBe(1000)
  expect(early.every((id) => id < late)).toBe(true)
  expect(late).toMatch(/^[0-9a-f]{32}$/)
})
