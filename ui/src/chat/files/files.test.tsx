import 'fake-indexeddb/auto'
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../../actions/connection'
import type { FileLimits } from '../../protocol/files'
import type { Attachment } from '../../protocol/resources'
import { aConversation, aMe, aMessage, claire, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { MockSocket } from '../../testing/mockSocket'
import { MockUpload } from '../../testing/mockUpload'
import { settled } from '../../testing/settled'
import { InstantChat } from '../InstantChat'

jest.mock('../socket/backoff', () => ({ backoffDelay: () => 60_000 }))

// Missing in jsdom.
const copyOf = (value: unknown): unknown => {
  if (value instanceof Blob || typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(copyOf) : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOf(one)]))
}
globalThis.structuredClone = copyOf as typeof structuredClone
Object.assign(globalThis, { XMLHttpRequest: MockUpload })
Object.assign(URL, { createObjectURL: () => 'blob:picture', revokeObjectURL: () => undefined })
Object.assign(HTMLImageElement.prototype, { decode: () => Promise.resolve() })
Object.defineProperty(HTMLImageElement.prototype, 'naturalWidth', { configurable: true, get: () => 800 })
Object.defineProperty(HTMLImageElement.prototype, 'naturalHeight', { configurable: true, get: () => 600 })

let userId = 200
beforeEach(() => {
  userId += 1
  MockUpload.all = []
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  mockFetch.on('GET', /\/messages\/7\/$/, { body: [] })
})

const photo = () => new File(['xxx'], 'cour.jpg', { type: 'image/jpeg' })
const paper = () => new File(['yyyy'], 'sortie.pdf', { type: 'application/pdf' })
const stored = (id: number, fields: Partial<Attachment> = {}): Attachment => ({ id, name: 'cour.jpg', size: 3, type: 'image/jpeg', width: 800, height: 600, has_thumbnail: true, ...fields })

const conversations = () => [aConversation({ participants: [{ ...claire, id: userId }, jerome] })]
function openPage(limits?: FileLimits) {
  mockFetch.on('GET', new RegExp(`/conversations/${userId}/$`), { body: conversations() })
  render(<InstantChat userProfileId={userId} establishmentId={123} selectedId={7} onSelect={() => undefined} {...(limits ? { me: aMe({ id: userId, attachments: limits }), onMe: () => undefined } : {})} />)
}
function connect() {
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: conversations(), complete: true })
}
const picker = () => document.querySelector<HTMLInputElement>('input[type=file]')
async function choose(...files: File[]) {
  const user = userEvent.setup({ applyAccept: false })
  await screen.findByRole('button', { name: 'Joindre des fichiers' })
  await user.upload(picker() ?? document.body, files)
}
const chosen = () => screen.findByRole('list', { name: 'Fichiers à envoyer' })
async function send(text = '') {
  const field = await screen.findByRole('textbox', { name: /^Message à/ })
  if (text) fireEvent.change(field, { target: { value: text } })
  await act(async () => {
    fireEvent.keyDown(field, { key: 'Enter' })
    await Promise.resolve()
  })
}
const untilUploading = (count: number) =>
  waitFor(() => {
    expect(MockUpload.all.map((one) => one.file?.name)).toHaveLength(count)
  })
const sent = () => MockSocket.last.sentOf('chat_message').map(({ message, attachments }) => [message, attachments])

test('files are uploaded, and then sent with their caption in one message', async () => {
  openPage()
  connect()
  await choose(photo(), paper())
  expect(within(await chosen()).getAllByRole('listitem')).toHaveLength(2)
  await send('Pour demain')
  await untilUploading(2)
  expect(sent()).toEqual([])
  await MockUpload.all[0]?.progress(0.5)
  expect(await screen.findByRole('img', { name: /^Envoi de cour\.jpg : 50/ })).toBeInTheDocument()
  await MockUpload.all[1]?.answer(201, stored(32, { name: 'sortie.pdf', type: 'application/pdf', width: 0, height: 0 }))
  await MockUpload.all[0]?.answer(201, stored(31))
  await waitFor(() => {
    expect(sent()).toEqual([['Pour demain', [31, 32]]])
  })
  expect(screen.queryByRole('list', { name: 'Fichiers à envoyer' })).not.toBeInTheDocument()

  const clientId = MockSocket.last.sentOf('chat_message')[0]?.client_id ?? ''
  MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { sender_id: userId, content: 'Pour demain', client_id: clientId, attachments: [stored(31)] }) })
  expect(await screen.findByRole('button', { name: 'Agrandir la photo cour.jpg' })).toBeInTheDocument()
  expect(screen.queryByRole('img', { name: /prêt à partir/ })).not.toBeInTheDocument()
})

test('a message with files survives a killed tab, and a file that is uploaded already is not uploaded again', async () => {
  openPage()
  await choose(photo(), paper())
  await chosen()
  await send()
  expect(await screen.findByRole('img', { name: 'cour.jpg, en attente d’envoi' })).toBeInTheDocument()
  cleanup()

  openPage()
  connect()
  await untilUploading(2)
  await MockUpload.all[0]?.answer(201, stored(31))
  expect(await screen.findByRole('img', { name: 'cour.jpg, prêt à partir' })).toBeInTheDocument()
  cleanup()

  openPage()
  connect()
  await untilUploading(3)
  expect(MockUpload.last.file?.name).toBe('sortie.pdf')
  await MockUpload.last.answer(201, stored(32))
  await waitFor(() => {
    expect(sent()).toEqual([['', [31, 32]]])
  })
})

test('only what the school takes is offered, and accepted', async () => {
  openPage({ types: ['pictures', 'pdf'], max_bytes: 3 })
  connect()
  await choose(new File(['x'], 'chant.mp3', { type: 'audio/mpeg' }), paper(), photo())
  expect(picker()?.accept).toBe('image/jpeg,image/png,image/gif,image/webp,.pdf')
  expect(screen.queryByRole('button', { name: 'Enregistrer un message vocal' })).toBeNull()
  expect(within(await chosen()).getAllByRole('listitem').map((one) => one.title)).toEqual(['cour.jpg'])
  expect(screen.getByRole('alert')).toHaveTextContent('« chant.mp3 » : l’établissement n’accepte pas ce type de fichier.')
  expect(screen.getByRole('alert')).toHaveTextContent(/« sortie\.pdf » est trop volumineux \(4\soctets\) : la limite est de 3\soctets par fichier\./)
})

test('where sounds are taken one can be recorded; where no files are, nothing is offered', async () => {
  openPage({ types: ['audio'], max_bytes: 100 })
  connect()
  expect(await screen.findByRole('button', { name: 'Enregistrer un message vocal' })).toBeVisible()
  cleanup()
  openPage({ types: [], max_bytes: 100 })
  connect()
  expect(await screen.findByRole('textbox', { name: /^Message à/ })).toBeVisible()
  expect(screen.queryByRole('button', { name: /vocal|Joindre/ })).toBeNull()
  fireEvent.paste(screen.getByRole('textbox', { name: /^Message à/ }), { clipboardData: { files: [photo()], types: ['Files'] } })
  await settled()
  expect(screen.queryByRole('list', { name: 'Fichiers à envoyer' })).toBeNull()
})

test('after a lost connection a file is uploaded again over the next one', async () => {
  openPage()
  connect()
  await choose(photo())
  await chosen()
  await send()
  await untilUploading(1)
  await MockUpload.last.fail()
  MockSocket.last.closeWith(1006)
  fireEvent(window, new Event('online'))
  connect()
  await untilUploading(2)
  await MockUpload.last.answer(201, stored(31))
  await waitFor(() => {
    expect(sent()).toEqual([['', [31]]])
  })
})

test('a refused file says why at the message; the rest can be sent without it', async () => {
  openPage()
  connect()
  await choose(photo(), new File(['x'], 'jeu.exe'))
  await chosen()
  await send()
  await untilUploading(2)
  await MockUpload.all[0]?.answer(201, stored(31))
  await MockUpload.all[1]?.answer(415, { status: 415, code: 'type_not_allowed', message: '', data: {} })
  expect(await screen.findByText(/« jeu\.exe » : Ce type de fichier n’est pas accepté/)).toBeInTheDocument()
  expect(sent()).toEqual([])
  await userEvent.click(screen.getByRole('button', { name: /^Envoyer sans ce fichier :/ }))
  await waitFor(() => {
    expect(sent()).toEqual([['', [31]]])
  })
  expect(MockUpload.all).toHaveLength(2)
})

test('removing the only file cancels its upload and the message', async () => {
  openPage()
  connect()
  await choose(photo())
  await chosen()
  await send()
  await untilUploading(1)
  await userEvent.click(await screen.findByRole('button', { name: 'Retirer cour.jpg' }))
  await waitFor(() => {
    expect(MockUpload.last.isAborted).toBe(true)
  })
  expect(screen.queryByRole('img', { name: /cour\.jpg/ })).not.toBeInTheDocument()
})

test('files that the server has removed in the meantime are uploaded again, once', async () => {
  openPage()
  connect()
  await choose(photo())
  await chosen()
  await send()
  await untilUploading(1)
  await MockUpload.last.answer(201, stored(31))
  await waitFor(() => {
    expect(sent()).toHaveLength(1)
  })
  const refuse = () => {
    const clientId = MockSocket.last.sentOf('chat_message').at(-1)?.client_id ?? ''
    MockSocket.last.receive({ type: 'error', code: 'invalid_attachments', message: '', client_id: clientId })
  }
  refuse()
  await untilUploading(2)
  await MockUpload.last.answer(201, stored(32))
  await waitFor(() => {
    expect(sent().at(-1)).toEqual(['', [32]])
  })
  refuse()
  expect(await screen.findByText(/pièces jointes ne sont plus disponibles/)).toBeInTheDocument()
  expect(MockUpload.all).toHaveLength(2)
})

test('what is too large or too much is said before it is sent, and the rest is chosen', async () => {
  openPage()
  const large = photo()
  Object.defineProperty(large, 'size', { value: 21 * 1024 * 1024 })
  await choose(large, ...Array.from({ length: 11 }, photo))
  expect(await screen.findByText('« cour.jpg » est trop volumineux (21 Mo) : la limite est de 20 Mo par fichier.')).toBeInTheDocument()
  expect(screen.getByText(/au plus 10 fichiers/)).toBeInTheDocument()
  expect(within(await chosen()).getAllByRole('listitem')).toHaveLength(10)
})

test('a message without a text is named in the list, and a deleted one shows no file', async () => {
  const message = aMessage(30, { content: '', attachments: [stored(31), stored(32)] })
  openPage()
  MockSocket.last.open()
  MockSocket.last.receive({ type: 'conversations_list', conversations: conversations().slice(0, 1).map((one) => ({ ...one, last_message: message })), complete: true })
  MockSocket.last.receive({ type: 'new_message', message })
  expect(await within(screen.getByRole('list', { name: 'Conversations' })).findByText('2 photos')).toBeInTheDocument()
  expect(await screen.findAllByRole('button', { name: /^Agrandir la photo/ })).toHaveLength(2)
  MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 30 })
  expect(screen.queryByRole('button', { name: /^Agrandir la photo/ })).not.toBeInTheDocument()
})

const voice = () => new File(['sound'], 'message-vocal-2026-11-03-08h05.webm', { type: 'audio/webm' })
const storedVoice = (id: number) => stored(id, { name: voice().name, type: 'audio/webm', width: 0, height: 0, duration: 3, has_thumbnail: false })
function watchSounds() {
  jest.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  return jest.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation()
}
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))

test('what plays stops when its message is confirmed, as another player is in its place', async () => {
  const pause = watchSounds()
  openPage()
  connect()
  await choose(voice())
  await chosen()
  await send()
  await untilUploading(1)
  await MockUpload.last.answer(201, storedVoice(31))
  await waitFor(() => {
    expect(sent()).toEqual([['', [31]]])
  })
  await press('Écouter')
  await screen.findByRole('button', { name: 'Mettre en pause' })
  await settled()
  pause.mockClear()
  const clientId = MockSocket.last.sentOf('chat_message')[0]?.client_id ?? ''
  MockSocket.last.receive({ type: 'new_message', message: aMessage(20, { sender_id: userId, content: '', client_id: clientId, attachments: [storedVoice(31)] }) })
  await waitFor(() => {
    expect(pause).toHaveBeenCalled()
  })
})

test.each([false, true])('what plays stops when its message is deleted (leaving nothing: %s)', async (removed) => {
  const pause = watchSounds()
  mockFetch.on('POST', /\/files\/token$/, { body: { token: 'a-token' } })
  openPage()
  connect()
  MockSocket.last.receive({ type: 'new_message', message: aMessage(30, { content: 'Écoute', attachments: [storedVoice(31)] }) })
  await press('Écouter')
  await screen.findByRole('button', { name: 'Mettre en pause' })
  await settled()
  pause.mockClear()
  MockSocket.last.receive({ type: 'message_deleted', conversation_id: 7, message_id: 30, removed })
  await waitFor(() => {
    expect(pause).toHaveBeenCalled()
  })
})
