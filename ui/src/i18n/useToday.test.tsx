import { act, render, screen } from '@testing-library/react'
import { ConversationItem } from '../chat/list/ConversationItem'
import { aConversation, aMessage, claire } from '../testing/factories'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** A line of the list, of something said at that hour of the first of September. */
function show(hour: number, minute: number) {
  const last_message = aMessage(1, { timestamp: new Date(2026, 8, 1, hour, minute).toISOString() })
  return render(<ConversationItem conversation={aConversation({ last_message })} userId={claire.id} isSelected={false} typing="" onSelect={() => undefined} />)
}
const time = () => screen.getByRole('time').textContent
function pass(milliseconds: number) {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
}

test('what was said today was said yesterday after midnight, and is a weekday the day after', () => {
  jest.setSystemTime(new Date(2026, 8, 1, 23, 50))
  show(23, 40)
  expect(time()).toBe('23:40')
  pass(9 * 60_000)
  expect(time()).toBe('23:40')
  pass(2 * 60_000)
  expect(time()).toBe('Hier')
  pass(24 * 60 * 60_000)
  expect(time()).toBe('mar.')
})

test('a page that slept over midnight knows when it is looked at again', () => {
  jest.setSystemTime(new Date(2026, 8, 1, 18, 0))
  show(17, 0)
  jest.setSystemTime(new Date(2026, 8, 2, 8, 0))
  expect(time()).toBe('17:00')
  act(() => {
    document.dispatchEvent(new Event('visibilitychange'))
  })
  expect(time()).toBe('Hier')
})

test('one that is shown later knows at once', () => {
  jest.setSystemTime(new Date(2026, 8, 1, 18, 0))
  show(17, 0).unmount()
  jest.setSystemTime(new Date(2026, 8, 2, 8, 0))
  show(17, 0)
  expect(time()).toBe('Hier')
})

test('all share one clock, which stops when nobody looks', () => {
  const setInterval = jest.spyOn(window, 'setInterval')
  const first = show(8, 0)
  const second = show(9, 0)
  expect(setInterval).toHaveBeenCalledTimes(1)
  first.unmount()
  second.unmount()
  expect(jest.getTimerCount()).toBe(0)
})
