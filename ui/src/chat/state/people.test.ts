import type { Conversation, Receipt, User } from '../../protocol/resources'
import { after as afterEvents, answered } from '../../testing/chatEvents'
import { aConversation, aMessage, claire } from '../../testing/factories'
import type { ChatEvent } from './chatEvent'
import { type ChatState, initialChatState } from './chatState'
import { conversationName, isWhole, statusOf, typingNames } from './conversations'

const people: User[] = Array.from({ length: 60 }, (_, index) => ({ ...claire, id: index + 1, first_name: `P${index + 1}` }))
const upTo = (last_read: number) => ({ id }: User): Receipt => ({ user_id: id, last_read, last_delivered: last_read })

/** The group with all its people. */
const whole = (fields: Partial<Conversation> = {}) => aConversation({ participants: people, receipts: people.map(upTo(10)), title: 'Sortie', ...fields })
/** The group as in a list. */
const listed = (fields: Partial<Conversation> = {}) => {
  const named = (fields.participants ?? people).slice(0, 50)
  return whole({ participant_count: 60, ...fields, participants: named, receipts: named.map(upTo(10)) })
}
const frame = (conversation: Conversation): ChatEvent => ({
  type: 'frame', frame: { type: 'conversations_list', conversations: [conversation], complete: true }, at: 0,
})
const fetched = (conversation: Conversation): ChatEvent[] => answered({ type: 'conversationFetched', conversation, request: 1 })
const read = (userId: number, messageId: number): ChatEvent => ({
  type: 'frame', frame: { type: 'messages_read', conversation_id: 7, user_id: userId, message_id: messageId, timestamp: '' }, at: 0,
})
const after = (...events: ChatEvent[]): ChatState => afterEvents(initialChatState(claire.id), ...events)
const group = (state: ChatState) => state.conversations[7] ?? whole()
const own = (id: number) => aMessage(id, { sender_id: claire.id })

test('a list that names some people of a large group keeps the other known ones', () => {
  const known = group(after(frame(listed()), ...fetched(whole()), frame(listed())))
  expect(known.participants.map((user) => user.id)).toEqual(people.map((user) => user.id))
  expect(known.receipts).toHaveLength(60)
  expect(isWhole(known)).toBe(true)
})

test('the next complete copy removes people who have left and adds new ones', () => {
  const [left, ...others] = people.slice(1)
  const came = { ...claire, id: 99, first_name: 'P99' }
  const now = [people[0] ?? claire, ...others, came]
  const state = after(frame(listed()), ...fetched(whole()), frame(listed({ participants: now })))
  const fresh = group(afterEvents(state, ...fetched(whole({ participants: now, receipts: now.map(upTo(10)) }))))
  expect(fresh.participants).toEqual(now)
  expect(fresh.receipts.some((receipt) => receipt.user_id === left?.id)).toBe(false)
})

test('that all named people have read a message doesn’t mean that all have', () => {
  const [, ...others] = people
  const readers = others.slice(0, 49).map((user) => read(user.id, 20))
  const partly = group(after(frame(listed()), ...readers))
  expect(isWhole(partly)).toBe(false)
  expect(statusOf(own(20), partly)).toBe('sent')
  expect(statusOf({ ...own(20), status: 'delivered' }, partly)).toBe('delivered')
  const known = after(frame(listed()), ...fetched(whole()), ...readers)
  expect(statusOf(own(20), group(known))).toBe('sent')
  const all = others.slice(49).map((user) => read(user.id, 20))
  expect(statusOf(own(20), group(afterEvents(known, ...all)))).toBe('read')
})

test('a response doesn’t revert what a later frame has changed', () => {
  const state = after(frame(listed()), read(60, 20), ...fetched(whole()))
  expect(group(state).receipts.find((receipt) => receipt.user_id === 60)?.last_read).toBe(20)
})

test('a large group without a title isn’t named after some of its people', () => {
  expect(conversationName(whole({ title: '' }), claire.id)).toBe('')
  expect(conversationName(whole({ title: '', participant_count: 50, participants: people.slice(0, 50) }), claire.id)).toContain('P2, P3')
})

test('somebody who isn’t named can be typing, too', () => {
  const types: ChatEvent = { type: 'frame', frame: { type: 'typing_start', conversation_id: 7, user_id: 60 }, at: 0 }
  const state = after(frame(listed()), types)
  expect(typingNames(state.typists, group(state))).toEqual([''])
  const known = afterEvents(state, ...fetched(whole()))
  expect(typingNames(known.typists, group(known))).toEqual(['P60'])
})

test('somebody who is removed is no longer counted', () => {
  const state = after(frame(listed()), ...fetched(whole()), ...answered({ type: 'peopleRemoved', conversationId: 7, userIds: [60], request: 2 }))
  expect(group(state).participant_count).toBe(59)
  expect(isWhole(group(state))).toBe(true)
})
