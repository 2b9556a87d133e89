import { act, renderHook } from '@testing-library/react'
import { placeOf, usePlaceRoute } from './route'

test.each([
  ['/c/7', { conversation: 7 }],
  ['/c/7/?m=20', { conversation: 7, message: 20 }],
  ['/c/7?m=0', { conversation: 7 }],
  ['/c/7?m=abc', { conversation: 7 }],
  ['/c/7?other=1', { conversation: 7 }],
  ['/to/3?m=20', { person: 3 }],
  ['/c/0?m=20', null],
  ['/?m=20', null],
])('%s is %j', (address, place) => {
  expect(placeOf(address)).toEqual(place)
})

const address = () => window.location.pathname + window.location.search

test('a message has an address in its conversation; another one of that conversation takes its entry in the history', () => {
  const { result } = renderHook(usePlaceRoute)
  const before = window.history.length
  const go = (place: Parameters<(typeof result.current)[1]>[0]) => {
    act(() => {
      result.current[1](place)
    })
  }
  go({ conversation: 7, message: 20 })
  expect([address(), window.history.length]).toEqual(['/c/7?m=20', before + 1])
  expect(result.current[0]).toEqual({ conversation: 7, message: 20 })
  go({ conversation: 7, message: 21 })
  expect([address(), window.history.length]).toEqual(['/c/7?m=21', before + 1])
  go({ conversation: 7 })
  expect([address(), window.history.length]).toEqual(['/c/7', before + 1])
  go({ conversation: 8, message: 5 })
  expect([address(), window.history.length]).toEqual(['/c/8?m=5', before + 2])
})

test('a conversation that is opened while the browser drops the step to the list is the current place afterwards', () => {
  jest.useFakeTimers()
  const { result } = renderHook(usePlaceRoute)
  const go = (place: Parameters<(typeof result.current)[1]>[0]) => {
    act(() => {
      result.current[1](place)
    })
  }
  window.history.replaceState(null, '', '/')
  go({ conversation: 7 })
  jest.spyOn(window.history, 'go').mockImplementationOnce(() => undefined)
  go(null)
  go({ conversation: 8 })
  act(() => {
    jest.advanceTimersByTime(2_000)
  })
  jest.useRealTimers()
  expect(address()).toBe('/c/8')
})
