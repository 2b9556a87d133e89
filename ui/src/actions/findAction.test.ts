import { mockFetch } from '../testing/mockFetch'
import { aMessage } from '../testing/factories'
import { configureConnection } from './connection'
import { findMessages } from './findAction'

const path = /\/api\/messagerie\/find\/$/
const found = { message: aMessage(20), conversation_id: 7, snippet: [{ text: 'Ancien', match: true }] }

beforeEach(() => {
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
})

test('messages are found with all filters, and the next page keeps them', async () => {
  mockFetch.on('GET', path, { body: [found], headers: { Link: '</api/messagerie/find/?q=anc&cursor=c2>; rel="next"' } })
  const page = await findMessages('anc', { conversationId: 7, senderId: 2, from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', has: 'link', limit: 20 })
  expect([...page]).toEqual([found])
  await findMessages('anc', { has: 'link', page: page.next ?? '' })
  expect(mockFetch.requestsTo(path).map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
    { q: 'anc', conversation_id: '7', sender_id: '2', from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', has: 'link', limit: '20' },
    { q: 'anc', has: 'link', cursor: 'c2' },
  ])
})

test.each([
  ['without its message', { ...found, message: undefined }],
  ['without its conversation', { ...found, conversation_id: null }],
  ['with a snippet of plain text', { ...found, snippet: 'Ancien' }],
  ['with a snippet that doesn’t say what matches', { ...found, snippet: [{ text: 'Ancien' }] }],
])('a result %s isn’t accepted', async (_, result) => {
  mockFetch.on('GET', path, { body: [result] })
  await expect(findMessages('anc')).rejects.toMatchObject({ code: 'invalid_answer' })
})
