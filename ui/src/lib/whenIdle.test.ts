import { inTurn, whenIdle } from './whenIdle'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('work starts when nothing else is to be done, unless it is cancelled', () => {
  const work = jest.fn()
  whenIdle(work)
  expect(work).not.toHaveBeenCalled()
  whenIdle(work)()
  jest.runAllTimers()
  expect(work).toHaveBeenCalledTimes(1)
})

test('one piece of work starts when the one before has ended, even if that failed', async () => {
  let end = (): void => undefined
  const first = jest.fn(() => new Promise<void>((resolve) => (end = resolve)))
  const failing = jest.fn(() => Promise.reject(new Error('not there')))
  const last = jest.fn(() => Promise.resolve())
  inTurn([first, failing, last], 1_000)
  await jest.advanceTimersByTimeAsync(999)
  expect(first).not.toHaveBeenCalled()
  await jest.runAllTimersAsync()
  expect(first).toHaveBeenCalledTimes(1)
  expect(failing).not.toHaveBeenCalled()
  end()
  await jest.runAllTimersAsync()
  expect(failing).toHaveBeenCalledTimes(1)
  expect(last).toHaveBeenCalledTimes(1)
})

test('what is dropped doesn’t start, also while the work before it goes on', async () => {
  const first = jest.fn(() => Promise.resolve())
  inTurn([first], 1_000)()
  await jest.runAllTimersAsync()
  expect(first).not.toHaveBeenCalled()
  let end = (): void => undefined
  const next = jest.fn(() => Promise.resolve())
  const drop = inTurn([() => new Promise<void>((resolve) => (end = resolve)), next], 0)
  await jest.runAllTimersAsync()
  drop()
  end()
  await jest.runAllTimersAsync()
  expect(next).not.toHaveBeenCalled()
})
