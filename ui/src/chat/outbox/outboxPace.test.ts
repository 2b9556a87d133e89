import { act, renderHook } from '@testing-library/react'
import { useReducer } from 'react'
import type { ServerFrame } from '../../protocol/frames'
import { aConversation, aMessage, claire } from '../../testing/factories'
import { settled } from '../../testing/settled'
import { chatReducer } from '../state/chatReducer'
import { initialChatState } from '../state/chatState'
import { useOutbox } from './useOutbox'

const texts = Array.from({ length: 100 }, (_, index) => `Message ${index}`)

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** Renders the outbox with a link, and records what it sends, with the time since the link opened. */
async function show() {
  const sent: { content: string; clientId: string; at: number }[] = []
  const start = Date.now()
  const send = (_conversation: number, content: string, { clientId = '' } = {}) => sent.push({ content, clientId, at: Date.now() - start }) > 0
  const { result } = renderHook(() => {
    const [state, dispatch] = useReducer(chatReducer, claire.id, initialChatState)
    return { dispatch, ...useOutbox(state, dispatch, send) }
  })
  await settled()
  const hear = (...frames: ServerFrame[]) => {
    act(() => {
      for (const frame of frames) result.current.dispatch({ type: 'frame', frame, at: Date.now() })
    })
  }
  const connect = () => {
    act(() => {
      result.current.dispatch({ type: 'linkChanged', isConnected: true })
    })
    hear({ type: 'conversations_list', conversations: [aConversation()], complete: true })
  }
  /** The server confirms everything at once, after which more is sent, as fast as the rate allows. */
  let confirmed = 0
  const confirmAll = () => {
    while (confirmed < sent.length) {
      const frames = sent.slice(confirmed).map(({ content, clientId }, index): ServerFrame => ({ type: 'new_message', message: aMessage(100 + confirmed + index, { sender_id: claire.id, content, client_id: clientId }) }))
      confirmed = sent.length
      hear(...frames)
    }
  }
  const write = (...some: string[]) => {
    act(() => {
      for (const text of some.length > 0 ? some : texts) result.current.send({ conversation: 7 }, text, null)
    })
  }
  const lose = () => {
    act(() => {
      result.current.dispatch({ type: 'linkChanged', isConnected: false })
    })
  }
  return { sent, hear, connect, lose, confirmAll, write }
}

test('a hundred waiting messages are sent in order, once, forty at first and then fifteen a second', async () => {
  const { sent, connect, confirmAll, write } = await show()
  write()
  expect(sent).toEqual([])
  connect()
  confirmAll()
  expect(sent).toHaveLength(40)

  for (let time = 0; time < 4_100; time += 20) {
    act(() => {
      jest.advanceTimersByTime(20)
    })
    confirmAll()
  }
  expect(sent.map((one) => one.content)).toEqual(texts)
  const mostInASecond = Math.max(...sent.map(({ at: from }) => sent.filter(({ at }) => at > from && at <= from + 1_000).length))
  expect(mostInASecond).toBeLessThanOrEqual(16)
})

test('unconfirmed messages delay the others, whatever the rate allows', async () => {
  const { sent, connect, confirmAll, write } = await show()
  connect()
  write()
  act(() => {
    jest.advanceTimersByTime(10_000)
  })
  expect(sent).toHaveLength(15)
  confirmAll()
  expect(sent).toHaveLength(15 + 40)
})

const refusal = (code: string, clientId = ''): ServerFrame => ({ type: 'error', code, message: '', conversation_id: 7, client_id: clientId })

test.each(['outcome_unknown', 'storage_full', 'unavailable'])('a message refused with %s is sent again unchanged after a pause, before later ones', async (code) => {
  const { sent, hear, connect, write } = await show()
  connect()
  write('un')
  const [first] = sent
  hear(refusal(code, first?.clientId))
  write('deux')
  expect(sent.map((one) => one.content)).toEqual(['un'])
  act(() => {
    jest.advanceTimersByTime(4_900)
  })
  expect(sent).toHaveLength(1)
  act(() => {
    jest.advanceTimersByTime(200)
  })
  expect(sent.map((one) => one.content)).toEqual(['un', 'un', 'deux'])
  expect(sent[1]?.clientId).toBe(first?.clientId)
})

test('… and at once over the next link', async () => {
  const { sent, hear, connect, lose, write } = await show()
  connect()
  write('un')
  hear(refusal('outcome_unknown', sent[0]?.clientId))
  lose()
  connect()
  expect(sent.map((one) => one.clientId)).toEqual([sent[0]?.clientId, sent[0]?.clientId])
})

test('a message that is refused for good stays refused, and delays nothing', async () => {
  const { sent, hear, connect, write } = await show()
  connect()
  write('un')
  hear(refusal('recipient_gone', sent[0]?.clientId))
  write('deux')
  act(() => {
    jest.advanceTimersByTime(20_000)
  })
  expect(sent.map((one) => one.content)).toEqual(['un', 'deux'])
})
