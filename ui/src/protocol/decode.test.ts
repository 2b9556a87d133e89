import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  decodeServerFrame,
  type Guard,
  isArrayOf,
  isConversation,
  isEmailAccepted,
  isErrorBody,
  isMe,
  isMessage,
  isSchool,
  isToken,
  isUser,
  serverFrameGuards,
} from './decode'
import { fr } from '../i18n/fr'
import type { ClientFrameType } from './frames'

const testdata = join(__dirname, '../../../hooks/protocol/testdata')

function samples(folder: string): string[] {
  return readdirSync(join(testdata, folder)).sort()
}

function sample(folder: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(testdata, folder, name), 'utf8')) as Record<string, unknown>
}

/** Fields that a server may leave out, as a path without array indexes; the last ones were added later. */
const optional = /^error\.json: (conversation_id|client_id)$|^message_deleted\.json: removed$|\b(password_reset|timezone|edited_by)$/
/** Fields whose contents aren't checked. */
const open = ['data']

/** Every way to spoil a value: with any field missing or of another type. */
function* spoiled(value: unknown, path: string[] = []): Generator<{ path: string; without: boolean; value: unknown }> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const isField = !Array.isArray(value)
    const here = isField ? [...path, name] : path
    const put = (changed: unknown) => (isField ? { ...value, [name]: changed } : value.map((one: unknown, index) => (String(index) === name ? changed : one)))
    if (isField) {
      yield { path: here.join('.'), without: true, value: Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)) }
    }
    yield { path: here.join('.'), without: false, value: put(typeof inner === 'object' && inner !== null ? 'strange' : { strange: true }) }
    if (open.includes(name)) continue
    for (const deeper of spoiled(inner, here)) yield { ...deeper, value: put(deeper.value) }
  }
}

describe('the frames of the server', () => {
  const files = samples('server')

  test('are exactly those of the samples', () => {
    expect(files).toEqual(
      Object.keys(serverFrameGuards)
        .map((type) => `${type}.json`)
        .sort(),
    )
  })

  test.each(files)('%s is accepted as it is', (file) => {
    const frame = sample('server', file)
    expect(decodeServerFrame(JSON.stringify(frame))).toEqual(frame)
  })

  test.each(files)('%s is refused with a field missing or of another type', (file) => {
    for (const { path, without, value } of spoiled(sample('server', file))) {
      const isFine = without && optional.test(`${file}: ${path}`)
      const decoded = decodeServerFrame(JSON.stringify(value))
      expect([path, without, decoded !== null]).toEqual([path, without, isFine])
    }
  })

  test.each(['', 'null', '[]', '"new_message"', '{}', '{"type":"unheard_of"}', '{"type":"toString"}', '{"type":'])(
    '%s is refused',
    (text) => {
      expect(decodeServerFrame(text)).toBeNull()
    },
  )

  test('may have fields that this client does not know', () => {
    expect(decodeServerFrame('{"type":"pong","later":1}')).not.toBeNull()
  })
})

describe('the responses of the server', () => {
  const guards: Record<string, Guard<unknown>> = {
    'conversations.json': isArrayOf(isConversation),
    'email_accepted.json': isEmailAccepted,
    'error.json': isErrorBody,
    'me.json': isMe,
    'message.json': isMessage,
    'messages.json': isArrayOf(isMessage),
    'school.json': isSchool,
    'search.json': isArrayOf(isUser),
    'token.json': isToken,
  }
  const requests = ['create_request.json', 'email_request.json', 'send_request.json']

  test('each have a sample, each sample has a guard', () => {
    expect(samples('rest')).toEqual([...Object.keys(guards), ...requests].sort())
  })

  test.each(Object.keys(guards))('%s is accepted, and refused once spoiled', (file) => {
    const answer = sample('rest', file)
    expect(guards[file]?.(answer)).toBe(true)
    for (const { path, without, value } of spoiled(answer)) {
      const isFine = without && optional.test(`${file}: ${path}`)
      expect([path, without, guards[file]?.(value)]).toEqual([path, without, isFine])
    }
  })
})

test('the frames of the client are those of the samples', () => {
  const types: Record<ClientFrameType, true> = {
    chat_message: true,
    join_conversation: true,
    mark_as_read: true,
    ping: true,
    typing_start: true,
    typing_stop: true,
  }
  expect(samples('client')).toEqual(Object.keys(types).map((type) => `${type}.json`))
})

test('every code of the server has a text', () => {
  const source = readFileSync(join(testdata, '../codes.go'), 'utf8')
  const codes = [...source.matchAll(/= "([a-z_]+)"/g)].map(([, code]) => code ?? '')
  expect(codes.length).toBeGreaterThan(30)
  // The forms that cause them have their own texts for them.
  const inForms = ['password_unchanged', 'password_too_common', 'password_is_personal', 'mail_unavailable']
  expect(codes.filter((code) => !Object.hasOwn(fr.error, code))).toEqual(inForms)
})
