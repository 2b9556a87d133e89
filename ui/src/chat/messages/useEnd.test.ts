import { act, renderHook } from '@testing-library/react'
import { useEnd } from './useEnd'

/** A content of 5 000 pixels, of which the last 600 are visible. */
function atTheEnd() {
  const element = document.createElement('div')
  const room = { scrollHeight: 5_000, clientHeight: 600 }
  for (const name of ['scrollHeight', 'clientHeight'] as const) Object.defineProperty(element, name, { get: () => room[name] })
  element.scrollTop = 4_400
  const end = renderHook(() => useEnd({ scroller: { current: element }, isConversationsEnd: true, opensThere: true, within: 30 })).result
  const look = () => {
    const scrollToEnd = jest.fn()
    act(() => {
      end.current.look(scrollToEnd)
    })
    return scrollToEnd.mock.calls.length > 0
  }
  look()
  return { element, room, end, look }
}

test.each([
  ['is scrolled up', {}, 4_000],
  ['is scrolled up while a row comes below', { scrollHeight: 5_052 }, 4_000],
  ['is scrolled up while a row becomes smaller', { scrollHeight: 4_900 }, 4_000],
  ['is scrolled up while what one writes grows', { clientHeight: 560 }, 0],
  ['is scrolled up while the window grows', { clientHeight: 900 }, 4_000],
])('what one reads stays where one leads it when it %s', (_, change, top) => {
  const { element, room, end, look } = atTheEnd()
  Object.assign(room, change)
  element.scrollTop = top
  expect(look()).toBe(false)
  expect(end.current.isHeld()).toBe(false)
  expect(end.current.isAtEnd).toBe(false)
})

test.each([
  ['a row comes below', { scrollHeight: 5_052 }, 4_400],
  ['what one writes grows', { clientHeight: 560 }, 4_400],
  // The browser itself clamps the position.
  ['a row becomes smaller', { scrollHeight: 4_900 }, 4_300],
  ['a row becomes smaller, by parts of a pixel', { scrollHeight: 4_900 }, 4_299.1],
  ['the window grows', { clientHeight: 900 }, 4_100],
  ['the window grows and a row comes below', { clientHeight: 900, scrollHeight: 5_052 }, 4_152],
])('the end stays in sight when %s', (_, change, top) => {
  const { element, room, end, look } = atTheEnd()
  Object.assign(room, change)
  element.scrollTop = top
  expect(look()).toBe(room.scrollHeight - room.clientHeight - top >= 1)
  expect(end.current.isHeld()).toBe(true)
})

test('the end stays in view when rows are estimated smaller until they are measured', () => {
  const { element, room, end, look } = atTheEnd()
  room.scrollHeight = 4_200
  element.scrollTop = 3_600
  end.current.noteRoom()
  room.scrollHeight = 5_052
  expect(look()).toBe(true)
  expect(end.current.isHeld()).toBe(true)
})

test('whoever is a little above the end stays there until something comes, and follows it', () => {
  const { element, room, end, look } = atTheEnd()
  element.scrollTop = 4_392
  expect(look()).toBe(false)
  expect(look()).toBe(false)
  expect(end.current.isAtEnd).toBe(true)
  room.scrollHeight = 5_052
  expect(look()).toBe(true)
  element.scrollTop = 4_452
  expect(look()).toBe(false)
  element.scrollTop = 4_400
  expect(look()).toBe(false)
  room.scrollHeight = 5_104
  expect(look()).toBe(false)
})

test('a row that becomes a little smaller just before another comes is no scroll of the reader', () => {
  const { element, room, end, look } = atTheEnd()
  element.scrollTop = 4_396
  room.scrollHeight = 5_065
  expect(look()).toBe(true)
  expect(end.current.isHeld()).toBe(true)
})

test('little by little, a reader leaves the end all the same', () => {
  const { element, end, look } = atTheEnd()
  for (const top of [4_390, 4_380, 4_371]) {
    element.scrollTop = top
    expect(look()).toBe(false)
    expect(end.current.isHeld()).toBe(true)
  }
  element.scrollTop = 4_361
  expect(look()).toBe(false)
  expect(end.current.isHeld()).toBe(false)
})

test('the list’s own scrolls don’t revert the reader’s scrolling, but go where the reader wants', () => {
  const { element, room, end } = atTheEnd()
  const scroll = jest.fn(() => {
    element.scrollTop = 4_400
  })
  room.scrollHeight = 5_052
  end.current.scrollItself(scroll)
  expect(scroll).toHaveBeenCalledTimes(1)
  element.scrollTop = 0
  end.current.scrollItself(scroll)
  expect(scroll).toHaveBeenCalledTimes(1)
  end.current.hold(true)
  end.current.scrollItself(scroll)
  expect(scroll).toHaveBeenCalledTimes(2)
})

test('far above the end a render measures nothing, and one stays where one reads', () => {
  const { element, room, end, look } = atTheEnd()
  room.scrollHeight = 50_000
  element.scrollTop = 49_400
  look()
  element.scrollTop = 20_000
  expect(look()).toBe(false)
  const measure = jest.fn(() => 50_052)
  Object.defineProperty(room, 'scrollHeight', { get: measure })
  end.current.noteRoom()
  expect(measure).not.toHaveBeenCalled()
  expect(look()).toBe(false)
  expect(end.current.isHeld()).toBe(false)
  // Near the end it does.
  element.scrollTop = 48_000
  look()
  measure.mockClear()
  end.current.noteRoom()
  expect(measure).toHaveBeenCalled()
})
