import 'fake-indexeddb/auto'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import type { Attachment } from '../protocol/resources'
import { aConversation, aMessage, claire, elodie } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { MockRecorder } from '../testing/mockRecorder'
import { MockSocket } from '../testing/mockSocket'
import { MockUpload } from '../testing/mockUpload'
import { settled } from '../testing/settled'
import { InstantChat } from './InstantChat'
import { filesIn } from './state/draftFiles'
import { draftOfFiles, readDraft } from './state/useDraft'

jest.mock('./socket/backoff', () => ({ backoffDelay: () => 60_000 }))

// Missing in jsdom.
globalThis.structuredClone = ((value: unknown) => value) as typeof structuredClone
Object.assign(globalThis, { MediaRecorder: MockRecorder, XMLHttpRequest: MockUpload })
Object.assign(URL, { createObjectURL: () => 'blob:file', revokeObjectURL: () => undefined })
Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: () => Promise.resolve({ getTracks: () => [] }) } })
Object.defineProperty(window, 'isSecureContext', { configurable: true, value: true })

const text = aMessage(30, { conversation_id: 9, sender_id: elodie.id, content: 'Bonjour Claire' })
const withElodie = aConversation({ conversation_id: 9, participants: [claire, elodie], last_message: text })
const paper: Attachment = { id: 31, name: 'sortie.pdf', size: 4, type: 'application/pdf', width: 0, height: 0, has_thumbnail: false }
let now = 0

beforeEach(async () => {
  MockUpload.all = []
  MockRecorder.last = null
  now = 1_000
  jest.spyOn(performance, 'now').mockImplementation(() => now)
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/conversations\/1\/$/, { body: [aConversation()] })
  mockFetch.on('GET', /\/messages\/\d+\/$/, { body: [] })
  mockFetch.on('GET', /\/messages\/9\/$/, { body: [text] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [elodie] })
  render(<InstantChat userProfileId={claire.id} establishmentId={123} />)
  MockSocket.last.open()
  listed()
  await userEvent.type(screen.getByRole('searchbox'), 'el')
  await userEvent.click(await screen.findByRole('button', { name: /^Élodie/ }))
  await settled()
})

function listed(...more: (typeof withElodie)[]) {
  MockSocket.last.receive({ type: 'conversations_list', conversations: [...more, aConversation()], complete: true })
}
/** Élodie, to whom something is being written, writes first. */
async function elodieWrites() {
  listed(withElodie)
  expect(await screen.findByText('Bonjour Claire', { selector: '.bubble *' })).toBeVisible()
}
const field = () => screen.getByRole('textbox', { name: /^Message à/ })
const picker = () => document.querySelector<HTMLInputElement>('input[type=file]') ?? document.body
const sent = () => MockSocket.last.sentOf('chat_message').map(({ conversation_id: id, message, attachments }) => [id, message, attachments])

test('a recording goes on when the other person writes first, and is sent to their conversation', async () => {
  await userEvent.click(await screen.findByRole('button', { name: 'Enregistrer un message vocal' }))
  const timer = await screen.findByRole('timer')
  await elodieWrites()
  expect(screen.getByRole('timer')).toBe(timer)
  expect(MockRecorder.last?.state).toBe('recording')
  now += 3_000
  await userEvent.click(screen.getByRole('button', { name: 'Envoyer le message vocal' }))
  await waitFor(() => {
    expect(MockUpload.all.map(({ path, file }) => [path, file?.type])).toEqual([['/api/messagerie/attachments/9/', 'audio/webm']])
  })
  await MockUpload.last.answer(201, { ...paper, type: 'audio/webm' })
  await waitFor(() => {
    expect(sent()).toEqual([[9, '', [31]]])
  })
})

test('files that were chosen, or are still being prepared, go to the conversation with the text', async () => {
  await userEvent.type(field(), 'Pour demain')
  const user = userEvent.setup({ applyAccept: false })
  await user.upload(picker(), new File(['yyyy'], 'sortie.pdf', { type: 'application/pdf' }))
  expect(await screen.findByTitle('sortie.pdf')).toBeInTheDocument()
  fireEvent.change(picker(), { target: { files: [new File(['zzzz'], 'menu.pdf', { type: 'application/pdf' })] } })
  await elodieWrites()
  expect(within(await screen.findByRole('list', { name: 'Fichiers à envoyer' })).getAllByRole('listitem')).toHaveLength(2)
  expect(field()).toHaveValue('Pour demain')
  const names = (place: { person: number } | { conversation: number }) => filesIn(readDraft({ userId: claire.id, place, of: draftOfFiles })).map(({ name }) => name)
  await waitFor(() => {
    expect(names({ conversation: 9 })).toEqual(['sortie.pdf', 'menu.pdf'])
  })
  expect(names({ person: elodie.id })).toEqual([])
  await userEvent.type(field(), '{Enter}')
  await waitFor(() => {
    expect(MockUpload.all.map(({ path }) => path)).toEqual(Array(2).fill('/api/messagerie/attachments/9/'))
  })
})

test('the field keeps the focus and its place, and the emoji stay open', async () => {
  await userEvent.type(field(), 'Bonjour')
  const before = field()
  await userEvent.click(screen.getByRole('button', { name: 'Insérer un émoji' }))
  expect(await screen.findByRole('dialog', { name: /émoji/i })).toBeInTheDocument()
  await elodieWrites()
  expect(screen.getByRole('dialog', { name: /émoji/i })).toBeInTheDocument()
  expect(field()).toBe(before)
  expect(field()).toHaveValue('Bonjour')
})
