import { after } from '../../testing/chatEvents'
import { claire } from '../../testing/factories'
import type { Scheduled } from '../../protocol/resources'
import { initialChatState } from './chatState'

const aScheduled = (id: number): Scheduled => ({ id, conversation_id: 7, content: `Message ${id}`, client_id: `c${id}`, reply_to: null, deliver_at: `2031-01-06T07:00:${id}.000Z`, reason: 'scheduled', created_at: '2026-09-01T08:00:00.000Z', code: '' })

const start = initialChatState(claire.id)
const loaded = (...ids: number[]) => ({ type: 'scheduledLoaded', scheduled: ids.map(aScheduled), instead: start.scheduled, epoch: 2 }) as const

test('a response replaces what it was asked instead of', () => {
  const state = after(start, loaded(10, 11))
  expect([state.scheduled.map(({ id }) => id), state.scheduledEpoch]).toEqual([[10, 11], 2])
})

test('one that a frame has overtaken is ignored, and still due', () => {
  const told = after(start, { type: 'frame', at: 0, frame: { type: 'message_scheduled', scheduled: aScheduled(12) } })
  expect(after(told, loaded(10, 11))).toBe(told)
  expect(told.scheduledEpoch).toBe(0)
})
