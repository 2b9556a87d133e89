import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  isAttachment,
  decodeServerFrame,
  type Guard,
  isArrayOf,
  isClassSummary,
  isConversation,
  isEmailAccepted,
  isErrorBody,
  isMe,
  isMessage,
  isObject,
  isScheduled,
  isSchool,
  isToken,
  isUser,
  serverFrameGuards,
} from './decode'
import { isFoundMessage } from './found'
import { isEarlierContent } from './history'
import { isConversationEvent } from './events'
import { isMessageReader } from './readers'
import { fr as admin } from '../i18n/admin/fr'
import { fr } from '../i18n/fr'
import { frLater } from '../i18n/frLater'
import { fr as provider } from '../i18n/provider/fr'
import { fr as welcome } from '../i18n/welcome/fr'
import type { ClientFrameType } from './frames'
import { isServerProblem } from './server'
import { isInvitationCounts, isInvitations } from './invitations'
import { isAccessCode, isRosterPlan, isWelcomed } from './roster'
import { isImportedClosures, isPause, isRules, isRulesPreview } from './rules'
import { isYearEnd } from './yearEnd'

const testdata = join(__dirname, '../../../hooks/protocol/testdata')

function samples(folder: string): string[] {
  return readdirSync(join(testdata, folder)).sort()
}

function sample(folder: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(testdata, folder, name), 'utf8')) as Record<string, unknown>
}

/** Fields that a server may leave out, as a path without array indexes; the last ones were added later. */
const optional =
  /^error\.json: (conversation_id|client_id)$|^message_deleted\.json: removed$|^scheduled_gone\.json: code$|^roster_plan\.json: (counts\..*|problems\.(key|candidates))$|\b(password_reset|providers|timezone|edited_by)$/
/** Fields that are dropped if they are missing or of another type, and all that is in them. */
const droppable = /^(?!rules\.|year_end\.)[^:]*: ((?!counts).*\.)?(classes|children|class_id|audience|can_write|cannot_write|can_react|posting|quiet_until|urgent|(?<!^message_reactions\.json: )reactions|attachments|mentions|(?<!^message_pins\.json: )pinned_messages|pin|muted_until|archived|pinned|marked_unread|quiet|pause|about|(?<=receipts\.)joined)\b|^me(_updated)?\.json: (me\.)?(username|can|second_factor)\b|^attachment\.json: (width|height|duration|has_thumbnail)$/
/** Fields that this client doesn't read, and all that is in them. */
const unread = /^roster_plan\.json: (complete|created_by)\b|^signed_out\.json: \w/
/** Fields whose contents aren't checked. */
const open = ['data', 'before', 'after']

/** Whether a value is accepted although this field of it is missing, or of another type. */
function mayBeSpoiled(field: string, isMissing: boolean): boolean {
  return droppable.test(field) || unread.test(field) || (isMissing && optional.test(field))
}

/** A value of another type; what may be null is never a truth value. */
function strangeFor(value: unknown): unknown {
  if (value === null) return true
  return typeof value === 'object' ? 'strange' : { strange: true }
}

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
    yield { path: here.join('.'), without: false, value: put(strangeFor(inner)) }
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
      const isFine = mayBeSpoiled(`${file}: ${path}`, without)
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
    'access_codes.json': isArrayOf(isAccessCode),
    'invitation_counts.json': isInvitationCounts,
    'invitations.json': isInvitations,
    'attachment.json': isAttachment,
    'classes.json': isArrayOf(isClassSummary),
    'conversations.json': isArrayOf(isConversation),
    'closures_imported.json': isImportedClosures,
    'email_accepted.json': isEmailAccepted,
    'error.json': isErrorBody,
    'found_messages.json': isArrayOf(isFoundMessage),
    'history.json': isArrayOf(isEarlierContent),
    'conversation_events.json': isArrayOf(isConversationEvent),
    'readers.json': isArrayOf(isMessageReader),
    'me.json': isMe,
    'message.json': isMessage,
    'pause.json': isPause,
    'rules.json': isRules,
    'rules_preview.json': isRulesPreview,
    'signed_out.json': isObject,
    'messages.json': isArrayOf(isMessage),
    'roster_plan.json': isRosterPlan,
    'scheduled.json': isArrayOf(isScheduled),
    'school.json': isSchool,
    'search.json': isArrayOf(isUser),
    'server_problems.json': isArrayOf(isServerProblem),
    'token.json': isToken,
    'year_end.json': isYearEnd,
  }
  const requests = [
    'access_codes_request.json', 'create_class_request.json', 'create_request.json', 'email_request.json', 'invitations_request.json', 'roster_apply_request.json',
    'closure_request.json', 'me_change_request.json', 'own_state_request.json', 'pause_change_request.json', 'pause_request.json', 'posting_request.json', 'rules_request.json',
    'scheduled_change_request.json', 'send_request.json', 'sign_out_request.json', 'welcome_request.json', 'year_end_request.json',
  ]

  test('each have a sample, each sample has a guard', () => {
    expect(samples('rest')).toEqual([...Object.keys(guards), ...requests].sort())
  })

  test.each(Object.keys(guards))('%s is accepted, and refused once spoiled', (file) => {
    const answer = sample('rest', file)
    expect(guards[file]?.(answer)).toBe(true)
    for (const { path, without, value } of spoiled(answer)) {
      const isFine = mayBeSpoiled(`${file}: ${path}`, without)
      expect([path, without, guards[file]?.(value)]).toEqual([path, without, isFine])
    }
  })
})

/** As it arrives: guards drop fields of it. */
function received(value: object): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('what is only shown beside others', () => {
  const jerome = { id: 2, first_name: 'Jérôme', last_name: 'Lefèvre', email: '', role: 'parent' }
  const lea = { id: 9, first_name: 'Léa', last_name: 'Lefèvre' }
  const of5eB = { id: 31, name: '5e B' }

  test.each<[string, object, object]>([
    ['is kept as it is', { children: [{ ...lea, relation: 'father', classes: [of5eB] }] }, { children: [{ ...lea, relation: 'father', classes: [of5eB] }] }],
    ['may be missing', {}, {}],
    ['is dropped if it has another shape', { classes: 'CM1', children: [lea] }, { children: [lea] }],
    ['is dropped if a part of it is missing', { classes: [of5eB, { name: '4e A' }] }, {}],
    ['is dropped alone', { classes: [{ ...of5eB, head: 'yes' }], children: [{ ...lea, relation: 'aunt', classes: null }] }, { classes: [of5eB], children: [lea] }],
  ])('%s', (_, given, kept) => {
    const user = received({ ...jerome, ...given })
    expect(isUser(user)).toBe(true)
    expect(user).toEqual({ ...jerome, ...kept })
  })

  test('includes the rights and the user name of the caller', () => {
    const me = { ...jerome, establishments: [], locale: 'fr', temporary_password: false }
    const can = { announce: false, mail: false, moderate: false, administer: true, urgent: false }
    const known = received({ ...me, username: 'j.lefevre', can })
    expect(isMe(known)).toBe(true)
    expect(known).toEqual({ ...me, username: 'j.lefevre', can })
    const strange = received({ ...me, username: 5, can: { administer: true } })
    expect(isMe(strange)).toBe(true)
    expect(strange).toEqual(me)
  })
})

test('what becomes of an address may be missing, or be something new', () => {
  for (const meta of [{ email: 'to_confirm' }, { email: 'mail_unavailable' }]) {
    const welcomed = received({ token: 't', meta })
    expect(isWelcomed(welcomed)).toBe(true)
    expect(welcomed).toEqual({ token: 't', meta })
  }
  const strange = received({ token: 't', meta: { email: 'by_pigeon' } })
  expect(isWelcomed(strange)).toBe(true)
  expect(strange).toEqual({ token: 't' })
  expect(isWelcomed({ meta: { email: 'to_confirm' } })).toBe(false)
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
  const inForms = {
    password_unchanged: frLater.password.unchanged,
    password_too_common: frLater.password.tooCommon,
    password_is_personal: frLater.password.isPersonal,
    unknown_account: provider.unknown,
    invalid_access_code: welcome.codeInvalid,
    mail_unavailable: welcome.emailUnavailable,
  }
  const texts = { ...fr.error, ...frLater.error, ...admin.error, ...inForms }
  expect(codes.filter((code) => !Object.hasOwn(texts, code))).toEqual([])
})

test('the length of a sound keeps its fraction of a second', () => {
  for (const [duration, kept] of [[2.76, 2.76], [-1, undefined], ['2', undefined]] as const) {
    const sound: unknown = { ...sample('rest', 'attachment.json'), duration }
    expect(isAttachment(sound) && sound.duration).toBe(kept)
  }
})
