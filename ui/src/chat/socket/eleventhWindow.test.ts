import { act, renderHook } from '@testing-library/react'
import { configureConnection } from '../../actions/connection'
import { heldAnswer, mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { useWebSocket } from './useWebSocket'

beforeEach(() => {
  jest.useFakeTimers()
  jest.spyOn(Math, 'random').mockReturnValue(1)
  configureConnection({ baseUrl: '', getToken: () => 'a-token' })
})
afterEach(() => {
  jest.useRealTimers()
})

function connect() {
  return renderHook(() => useWebSocket(1, () => undefined, () => undefined)).result
}
function pass(milliseconds: number) {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
}

describe('an eleventh window', () => {
  const refusal = (data: object) => ({ status: 429, body: { status: 429, code: 'too_many_sockets', message: '', data } })
  const full = async (data: object = { limit: 10 }) => {
    const result = connect()
    mockFetch.on('GET', /\/ws\/chat\/1\/$/, refusal(data))
    MockSocket.last.closeWith(1006)
    await act(() => jest.advanceTimersByTimeAsync(0))
    return result
  }

  test('finds out why it has no link, and retries slowly', async () => {
    const result = await full()
    expect(result.current.link).toEqual({ status: 'full', limit: 10, retryAt: Date.now() + 30_000 })
    pass(30_000)
    expect(MockSocket.all).toHaveLength(2)
    // The reason stays until there is another.
    MockSocket.last.closeWith(1006)
    expect(result.current.connectionStatus).toBe('full')
    mockFetch.on('GET', /\/ws\/chat\/1\/$/, { status: 204 })
    await act(() => jest.advanceTimersByTimeAsync(0))
    pass(30_000)
    MockSocket.last.closeWith(1006)
    await act(() => jest.advanceTimersByTimeAsync(0))
    expect(result.current.link).toEqual({ status: 'waiting', retryAt: Date.now() + 1_000 })
  })

  test('has no limit from a server that names none', async () => {
    expect((await full({})).current.link).toMatchObject({ status: 'full', limit: null })
  })

  test('retries at once when it becomes visible again', async () => {
    await full()
    act(() => {
      document.dispatchEvent(new Event('visibilitychange'))
    })
    MockSocket.last.open()
    expect(MockSocket.all).toHaveLength(2)
  })

  test('a slow response about an earlier attempt changes nothing', async () => {
    const result = connect()
    const held = heldAnswer()
    mockFetch.on('GET', /\/ws\/chat\/1\/$/, () => held.answer)
    MockSocket.last.closeWith(1006)
    pass(1_000)
    MockSocket.last.open()
    held.release(refusal({ limit: 10 }))
    await act(() => jest.advanceTimersByTimeAsync(0))
    expect(result.current.isConnected).toBe(true)
  })
})
