import { type MockRequest, mockFetch } from '../testing/mockFetch'
import { aConversation, aMessage, aToken, jerome } from '../testing/factories'
import { ApiError } from './apiCall'
import { configureConnection } from './connection'
import { fetchClasses, fetchPeople } from './directoryAction'
import { searchEmailRecipients, sendEmail } from './emailAction'
import {
  createConversation,
  deleteMessage,
  editMessage,
  fetchConversations,
  fetchMessages,
  searchMessagerieRecipients,
  sendMessage,
} from './messagerieAction'
import { login } from './sessionAction'

const onSessionEnd = jest.fn()

beforeEach(() => {
  jest.clearAllMocks()
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd })
})

async function refusal(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${String(error)}`)
  return error
}

test('each action makes the request of the contract, with the token', async () => {
  mockFetch.on('GET', /./, { body: [] })
  mockFetch.on('POST', /create/, { body: aConversation() })
  mockFetch.on('POST', /messages/, { body: aMessage(1) })
  mockFetch.on('PATCH', /./, { body: aMessage(1) })
  mockFetch.on('DELETE', /./, { status: 204 })
  mockFetch.on('POST', /email/, { status: 202, body: { id: 1, accepted: 1, refused: [] } })
  await fetchConversations(1)
  await fetchConversations(1, { page: 'cursor=abc&limit=50' })
  await fetchMessages(7)
  await fetchMessages(7, { after: 9, limit: 200 })
  await searchMessagerieRecipients(123, 'jé')
  await createConversation([2])
  await createConversation([2, 3], { title: 'Sortie' })
  await createConversation([], { title: 'Parents de 5e B', classId: 31, audience: ['parent'] })
  await fetchClasses(123)
  await fetchClasses(123, { page: 'cursor=c2&limit=200' })
  await fetchPeople(123, { role: 'staff' })
  await fetchPeople(123, { role: 'parent', classId: 31 })
  await fetchPeople(123, { role: 'parent', classId: 31 }, { page: 'q=&role=parent&class=31&cursor=c2' })
  await sendMessage(7, { content: 'Bonjour', client_id: 'a' })
  await editMessage(aMessage(1), 'Bonsoir')
  await deleteMessage(aMessage(1))
  await sendEmail([2, 'a@b.fr'], 'Sujet', 'Texte', 'csrf')
  await searchEmailRecipients(123, 'él')
  expect(mockFetch.requests.map(({ method, url, body }) => [`${method} ${url.pathname}${url.search}`, body])).toEqual([
    ['GET /api/messagerie/conversations/1/', undefined],
    ['GET /api/messagerie/conversations/1/?limit=50&cursor=abc', undefined],
    ['GET /api/messagerie/messages/7/', undefined],
    ['GET /api/messagerie/messages/7/?after=9&limit=200', undefined],
    ['GET /api/messagerie/search/123/?q=j%C3%A9', undefined],
    ['POST /api/messagerie/conversations/create/', { participants: [2] }],
    ['POST /api/messagerie/conversations/create/', { participants: [2, 3], title: 'Sortie' }],
    ['POST /api/messagerie/conversations/create/', { participants: [], title: 'Parents de 5e B', class_id: 31, audience: ['parent'] }],
    ['GET /api/messagerie/classes/123/?limit=200', undefined],
    ['GET /api/messagerie/classes/123/?cursor=c2&limit=200', undefined],
    ['GET /api/messagerie/search/123/?q=&role=staff', undefined],
    ['GET /api/messagerie/search/123/?q=&role=parent&class=31', undefined],
    ['GET /api/messagerie/search/123/?q=&role=parent&class=31&cursor=c2', undefined],
    ['POST /api/messagerie/messages/7/', { content: 'Bonjour', client_id: 'a' }],
    ['PATCH /api/messagerie/messages/7/1/', { content: 'Bonsoir' }],
    ['DELETE /api/messagerie/messages/7/1/', undefined],
    ['POST /api/email/send/', { recipients: [2, 'a@b.fr'], subject: 'Sujet', content: 'Texte' }],
    ['GET /api/email/search-recipients/123/?q=%C3%A9l', undefined],
  ])
  expect(mockFetch.requests.every((request) => request.headers.Authorization === 'Bearer a-token')).toBe(true)
  expect(mockFetch.requestsTo(/email\/send/)[0]?.headers['X-CSRFToken']).toBe('csrf')
})

test('a page has the query of the next one', async () => {
  mockFetch.on('GET', /./, { body: [aMessage(1)], headers: { Link: '</api/x?before=1&limit=50>; rel="next"' } })
  expect((await fetchMessages(7)).next).toBe('before=1&limit=50')
  mockFetch.on('GET', /./, { body: [] })
  expect((await fetchMessages(7)).next).toBeNull()
})

test('an error keeps everything that the server sent', async () => {
  mockFetch.on('GET', /./, {
    status: 429,
    body: { status: 429, code: 'too_many_requests', message: 'Slow down.', data: { a: 1 } },
    headers: { 'Retry-After': '12' },
  })
  expect(await refusal(fetchMessages(7))).toMatchObject({
    status: 429,
    code: 'too_many_requests',
    message: 'Slow down.',
    data: { a: 1 },
    retryAfter: 12,
  })
})

test.each([
  [400, 'invalid_request'],
  [404, 'not_found'],
  [413, 'too_large'],
  [500, 'internal'],
  [502, 'network'],
])('an answer %s that is not ours has the code %s', async (status, code) => {
  mockFetch.on('GET', /./, { status, body: '<html>' })
  expect((await refusal(fetchMessages(7))).code).toBe(code)
})

test('without a response the code is network', async () => {
  expect(await refusal(fetchMessages(7))).toMatchObject({ status: 0, code: 'network' })
})

test('a response of another shape is refused', async () => {
  mockFetch.on('GET', /./, { body: [{ ...jerome, role: 'wizard' }] })
  expect((await refusal(searchMessagerieRecipients(123, 'jé'))).code).toBe('invalid_answer')
})

const onlyFor = (token: string) => (request: MockRequest) =>
  request.headers.Authorization === `Bearer ${token}` ? { body: [] } : { status: 401, body: {} }

test('a 401 ends the session, unless it is of a log-in or of an old token', async () => {
  mockFetch.on('GET', /./, onlyFor('new'))
  mockFetch.on('POST', /auth/, { status: 401, body: {} })
  await refusal(login('a@b.fr', 'x'))
  expect(onSessionEnd).not.toHaveBeenCalled()
  expect(mockFetch.requests[0]?.headers.Authorization).toBeUndefined()

  let token = 'old'
  configureConnection({ getToken: () => token })
  const late = fetchMessages(7)
  token = 'new'
  expect(await late).toHaveLength(0)
  expect(onSessionEnd).not.toHaveBeenCalled()

  token = 'old'
  await refusal(fetchMessages(7))
  expect(onSessionEnd).toHaveBeenCalledWith('expired')
})

test('a refused request waits for the password, and is sent again with the new token', async () => {
  mockFetch.on('PATCH', /./, onlyFor('new'))
  let token = 'old'
  let typePassword: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    typePassword = resolve
  })
  configureConnection({ getToken: () => token, onSessionEnd: () => asked })
  const edit = refusal(editMessage({ id: 1, conversation_id: 7 }, 'Mieux dit'))
  token = 'new'
  typePassword()
  // An empty list isn't a message, so the request has been sent.
  expect((await edit).code).toBe('invalid_answer')
  expect(mockFetch.requests.map((request) => request.body)).toEqual([{ content: 'Mieux dit' }, { content: 'Mieux dit' }])
})

test('a refused request of one person is not sent again with the token of another', async () => {
  mockFetch.on('POST', /./, onlyFor(aToken(9)))
  let token = aToken(1)
  configureConnection({ getToken: () => token, onSessionEnd: () => void (token = aToken(9)) })
  expect((await refusal(createConversation([2, 3]))).status).toBe(401)
  expect(mockFetch.requests).toHaveLength(1)
})

test('an aborted request isn’t an error of the server', async () => {
  mockFetch.on('GET', /./, () => new Promise(() => undefined))
  const abort = new AbortController()
  const request = fetchMessages(7, { signal: abort.signal })
  abort.abort()
  await expect(request).rejects.toMatchObject({ name: 'AbortError' })
})
