import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { act, renderHook } from '@testing-library/react'
import { announceToken, configureConnection, refuseToken } from '../../actions/connection'
import { MockSocket } from '../../testing/mockSocket'
import { useWebSocket } from './useWebSocket'

const onMessage = jest.fn()
const onConnectionChange = jest.fn()
const onOpenFailed = jest.fn()

beforeEach(() => {
  jest.useFakeTimers()
  jest.clearAllMocks()
  jest.spyOn(Math, 'random').mockReturnValue(1)
  configureConnection({ baseUrl: '', getToken: () => 'a-token' })
})
afterEach(() => {
  jest.useRealTimers()
})

function connect() {
  return renderHook(() => useWebSocket(1, onMessage, onConnectionChange, onOpenFailed)).result
}
function pass(milliseconds: number) {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
}
function goOnline(isOnline: boolean) {
  jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  act(() => {
    window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
  })
}

test('connects to the page’s own origin with the token as a subprotocol', () => {
  connect()
  expect(MockSocket.last.url).toBe('ws://localhost/ws/chat/1/')
  expect(MockSocket.last.protocols).toEqual(['messagerie', 'a-token'])
})

test('connects to another server if one is configured', () => {
  configureConnection({ baseUrl: 'https://school.example/messagerie' })
  connect()
  expect(MockSocket.last.url).toBe('wss://school.example/messagerie/ws/chat/1/')
})

test('reports the connection and each frame, but nothing malformed', () => {
  const result = connect()
  expect(result.current).toMatchObject({ isConnected: false, connectionStatus: 'connecting' })
  MockSocket.last.open()
  expect(result.current).toMatchObject({ isConnected: true, connectionStatus: 'connected' })
  expect(onConnectionChange.mock.calls).toEqual([[true]])
  MockSocket.last.receiveText('{"type":"typing_start"}', 'nonsense', '{"type":"pong"}')
  expect(onMessage.mock.calls).toEqual([[{ type: 'pong' }]])
  MockSocket.last.closeWith(1012)
  expect(onConnectionChange.mock.calls).toEqual([[true], [false]])
})

test('sends the frames of the samples', () => {
  const result = connect()
  MockSocket.last.open()
  act(() => {
    result.current.sendChatMessage(7, 'Merci de m’avoir prévenue.\nBon rétablissement à elle !', {
      clientId: '9b1c2f0e-7c1d-4c53-9d53-4b9f3a3f1f11',
      replyTo: 245679802941440,
      deliverAt: '2026-09-02T14:00:00Z',
      mentions: [102],
      files: [{ attachmentId: 245679825900001 }],
    })
    result.current.joinConversation(7)
    result.current.markAsRead(7, 245679825977344)
  })
  pass(12_000)
  act(() => {
    result.current.sendTypingStart(7)
    result.current.sendTypingStop(7)
  })
  const names = ['chat_message', 'join_conversation', 'mark_as_read', 'ping', 'typing_start', 'typing_stop']
  const folder = join(__dirname, '../../../../hooks/protocol/testdata/client')
  // What isn't urgent doesn't say so.
  const sample = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'), (key, value: unknown) => (key === 'urgent' ? undefined : value))
  expect(MockSocket.last.sent).toEqual(names.map(sample))
})

test('returns false if there is no link', () => {
  const result = connect()
  expect(result.current.sendChatMessage(7, 'Bonjour')).toBe(false)
  MockSocket.last.open()
  expect(result.current.sendChatMessage(7, 'Bonjour')).toBe(true)
  expect(MockSocket.last.sent[0]).toEqual({
    type: 'chat_message',
    conversation_id: 7,
    message: 'Bonjour',
    client_id: expect.stringMatching(/^[0-9a-f-]{32,36}$/) as string,
  })
})

test('reconnects after pauses that double', () => {
  const result = connect()
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    MockSocket.last.closeWith(1006)
    expect(result.current.link).toEqual({ status: 'waiting', retryAt: Date.now() + pause })
    const sockets = MockSocket.all.length
    pass(pause - 1)
    expect(MockSocket.all).toHaveLength(sockets)
    pass(1)
    expect(MockSocket.all).toHaveLength(sockets + 1)
  }
})

test('resets the backoff after a stable link', () => {
  const result = connect()
  MockSocket.last.closeWith(1006)
  pass(1_000)
  MockSocket.last.open()
  pass(10_000)
  MockSocket.last.closeWith(1012)
  expect(result.current.link).toEqual({ status: 'waiting', retryAt: Date.now() + 1_000 })
})

test('does not reset the backoff for a server that closes at once', () => {
  const result = connect()
  MockSocket.last.open()
  MockSocket.last.closeWith(4029)
  pass(1_000)
  MockSocket.last.open()
  MockSocket.last.closeWith(4029)
  expect(result.current.link).toEqual({ status: 'waiting', retryAt: Date.now() + 2_000 })
})

test.each([1000, 1001, 1006, 1009, 1012, 4008, 4029])('reconnects after close code %s', (code) => {
  const result = connect()
  MockSocket.last.open()
  MockSocket.last.closeWith(code)
  expect(result.current.connectionStatus).toBe('waiting')
})

test.each([
  [4401, 'unauthorized'],
  [4403, 'disabled'],
])('never comes back after close code %s', (code, reason) => {
  const result = connect()
  MockSocket.last.open()
  MockSocket.last.closeWith(code)
  expect(result.current.link).toEqual({ status: 'closed', reason })
  goOnline(true)
  act(() => {
    result.current.reconnect()
  })
  pass(120_000)
  expect(MockSocket.all).toHaveLength(1)
})

test('a refused token ends the session; the next one opens another socket', () => {
  const onSessionEnd = jest.fn()
  let token = 'a-token'
  configureConnection({ getToken: () => token, onSessionEnd })
  const result = connect()
  MockSocket.last.open()
  act(announceToken)
  expect(MockSocket.all).toHaveLength(1)

  MockSocket.last.closeWith(4401)
  expect(onSessionEnd).toHaveBeenCalledWith('expired')
  token = 'another'
  act(announceToken)
  MockSocket.last.open()
  expect(MockSocket.last.protocols).toEqual(['messagerie', 'another'])
  expect(result.current.isConnected).toBe(true)
})

test('a token that has been replaced ends nothing', () => {
  const onSessionEnd = jest.fn()
  let token = 'a-token'
  configureConnection({ getToken: () => token, onSessionEnd })
  connect()
  MockSocket.last.open()
  token = 'another'
  MockSocket.last.closeWith(4401)
  expect(onSessionEnd).not.toHaveBeenCalled()
  expect(MockSocket.last.protocols).toEqual(['messagerie', 'another'])
})

test('if no socket opens because of the token, there are no more attempts until there is another', async () => {
  let token = 'a-token'
  configureConnection({ getToken: () => token, onSessionEnd: () => undefined })
  const result = connect()
  MockSocket.last.closeWith(1006)
  await refuseToken('a-token')
  pass(120_000)
  expect(MockSocket.all).toHaveLength(1)
  expect(result.current.connectionStatus).toBe('closed')
  token = 'another'
  act(announceToken)
  expect(MockSocket.all).toHaveLength(2)
})

test('reconnects at once when told to, and only when there is no link', () => {
  const result = connect()
  MockSocket.last.closeWith(1006)
  act(() => {
    result.current.reconnect()
  })
  expect(MockSocket.all).toHaveLength(2)
  MockSocket.last.open()
  act(() => {
    result.current.reconnect()
  })
  expect(MockSocket.all).toHaveLength(2)
})

test('is offline when the device is, and reconnects at once with it', () => {
  const result = connect()
  MockSocket.last.open()
  goOnline(false)
  expect(result.current.connectionStatus).toBe('offline')
  expect(onConnectionChange).toHaveBeenLastCalledWith(false)
  goOnline(true)
  expect(result.current.connectionStatus).toBe('connecting')
  expect(MockSocket.all).toHaveLength(2)
})

test('detects a dead link within 18 s and abandons it', () => {
  const result = connect()
  MockSocket.last.open()
  MockSocket.last.dropSilently()
  pass(17_999)
  expect(result.current.isConnected).toBe(true)
  pass(1)
  expect(result.current.connectionStatus).toBe('waiting')
})

test('detects a dead link within 8.5 s if the server wants to be asked every 2.5', () => {
  const { result } = renderHook(() => useWebSocket(1, onMessage, onConnectionChange, onOpenFailed, 2.5))
  MockSocket.last.open()
  pass(2_500)
  MockSocket.last.receive({ type: 'pong' })
  MockSocket.last.dropSilently()
  pass(8_499)
  expect(result.current.isConnected).toBe(true)
  pass(1)
  expect(result.current.connectionStatus).toBe('waiting')
})

test('keeps a link while any frame follows a ping', () => {
  const result = connect()
  MockSocket.last.open()
  for (let round = 0; round < 10; round++) {
    pass(12_000)
    MockSocket.last.receive(round % 2 ? { type: 'pong' } : { type: 'conversation_joined', conversation_id: 7 })
  }
  expect(result.current.isConnected).toBe(true)
  expect(MockSocket.last.sentOf('ping')).toHaveLength(10)
})

test('gives up opening a socket that hangs', () => {
  const result = connect()
  pass(10_000)
  expect(result.current.connectionStatus).toBe('waiting')
})

test('reports when no socket opened, but not when an open one was lost', () => {
  connect()
  MockSocket.last.open()
  MockSocket.last.closeWith(1006)
  expect(onOpenFailed).not.toHaveBeenCalled()
  pass(1_000)
  MockSocket.last.closeWith(1006)
  expect(onOpenFailed).toHaveBeenCalledTimes(1)
})

test('an old socket is ignored', () => {
  connect()
  const [first] = MockSocket.all
  MockSocket.last.open()
  MockSocket.last.dropSilently()
  pass(18_000 + 1_000)
  MockSocket.last.open()
  onMessage.mockClear()
  first?.receive({ type: 'pong' })
  first?.closeWith(4401)
  expect(onMessage).not.toHaveBeenCalled()
  expect(MockSocket.all).toHaveLength(2)
})

test('leaves nothing behind', () => {
  const { unmount } = renderHook(() => useWebSocket(1, onMessage, onConnectionChange))
  MockSocket.last.open()
  unmount()
  expect(MockSocket.last.readyState).toBe(MockSocket.CLOSED)
  expect(jest.getTimerCount()).toBe(0)
})
