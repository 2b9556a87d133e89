import 'fake-indexeddb/auto'
import { act, render, renderHook, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import '../../i18n/i18n'
import { configureConnection } from '../../actions/connection'
import { MockRecorder } from '../../testing/mockRecorder'
import { settled } from '../../testing/settled'
import type { OutgoingFile } from '../state/chatState'
import { filesIn } from '../state/draftFiles'
import { draftOfFiles, readDraft } from '../state/useDraft'
import { moveWriting } from '../state/useIntent'
import { clockText, lengthText } from './lengthText'
import { peaksIn } from './peaks'
import { Recorder } from './Recorder'
import { longest } from './recording'
import { dropSound, playSound, useSound } from './sounds'
import { isVoice, recordedType, voiceName } from './voice'

const track = { stop: jest.fn() }
const getUserMedia = jest.fn<Promise<unknown>, []>()
let now = 0
let secure = true
const userId = 7
const place = { conversation: 7 } as const
const onSend = jest.fn<undefined, [OutgoingFile]>()
const onEnd = jest.fn()

// Missing in jsdom.
globalThis.structuredClone = ((value: unknown) => value) as typeof structuredClone
Object.assign(URL, { createObjectURL: () => 'blob:sound', revokeObjectURL: () => undefined })
Object.assign(globalThis, { MediaRecorder: MockRecorder })
Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia } })
Object.defineProperty(window, 'isSecureContext', { configurable: true, get: () => secure })

/** Its look at the level and at the time. */
let look: () => void = () => undefined
const setInterval = window.setInterval
const intervalOfLooks = 100

beforeEach(() => {
  jest.spyOn(window, 'setInterval').mockImplementation(((act: () => void, delay: number) => {
    if (delay !== intervalOfLooks) return setInterval(act, delay)
    look = act
    return 0
  }) as typeof window.setInterval)
  jest.spyOn(performance, 'now').mockImplementation(() => now)
  localStorage.clear()
  secure = true
  now = 1_000
  track.stop.mockClear()
  onSend.mockClear()
  onEnd.mockClear()
  getUserMedia.mockReset().mockResolvedValue({ getTracks: () => [track] })
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
})

const open = () => render(<Recorder userId={userId} place={place} onSend={onSend} onEnd={onEnd} />)
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))
const pass = (seconds: number) => {
  act(() => {
    now += seconds * 1_000
    look()
  })
}
const drafts = () => filesIn(readDraft({ userId, place, of: draftOfFiles }))

test('a recording is sent as a file, without its pauses, and the microphone is released', async () => {
  open()
  await screen.findByRole('timer')
  pass(3)
  expect(screen.getByRole('timer')).toHaveTextContent('0:03')
  await press('Mettre l’enregistrement en pause')
  pass(60)
  await press('Reprendre l’enregistrement')
  pass(2)
  await press('Envoyer le message vocal')
  await waitFor(() => {
    expect(onSend).toHaveBeenCalledTimes(1)
  })
  expect(onSend.mock.calls[0]?.[0]).toMatchObject({ type: 'audio/webm', duration: 5, name: expect.stringMatching(/^message-vocal-.*\.webm$/) })
  expect(onEnd).toHaveBeenCalledTimes(1)
  expect(track.stop).toHaveBeenCalled()
  expect(drafts()).toEqual([])
})

test('it can be listened to before it is sent, and ends by itself once it is as long as it may be', async () => {
  open()
  await screen.findByRole('timer')
  pass(longest)
  expect(await screen.findByText('L’enregistrement s’est arrêté : un message vocal dure 5 minutes au plus.')).toBeInTheDocument()
  expect(screen.getByRole('slider')).toHaveAttribute('aria-valuetext', expect.stringMatching(/^0\sseconde sur 5\sminutes$/))
  expect(screen.getByRole('button', { name: 'Écouter' })).toHaveFocus()
  await press('Supprimer l’enregistrement')
  expect(onEnd).toHaveBeenCalledTimes(1)
  expect(onSend).not.toHaveBeenCalled()
})

test('two taps send it once', async () => {
  open()
  await screen.findByRole('timer')
  pass(2)
  await press('Terminer et écouter')
  const button = await screen.findByRole('button', { name: 'Envoyer le message vocal' })
  act(() => {
    button.click()
    button.click()
  })
  expect(button).toBeDisabled()
  expect(screen.getByRole('button', { name: 'Supprimer l’enregistrement' })).toBeDisabled()
  await waitFor(() => {
    expect(onEnd).toHaveBeenCalled()
  })
  await settled()
  expect(onSend).toHaveBeenCalledTimes(1)
})

test('what is kept goes where the writing has been moved meanwhile', async () => {
  const [person, conversation] = [{ person: 3 }, { conversation: 9 }]
  const { unmount } = render(<Recorder userId={userId} place={person} onSend={onSend} onEnd={onEnd} />)
  await screen.findByRole('timer')
  pass(2)
  unmount()
  moveWriting(userId, person, conversation)
  await waitFor(() => {
    expect(filesIn(readDraft({ userId, place: conversation, of: draftOfFiles }))).toHaveLength(1)
  })
  expect(readDraft({ userId, place: person, of: draftOfFiles })).toBe('')
})

test('nothing plays while it is recorded: what begins to play pauses it', async () => {
  jest.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  const pause = jest.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation()
  const film = document.body.appendChild(document.createElement('video'))
  const source = { key: 'a sound', length: 9, address: () => Promise.resolve('blob:sound') }
  const play = () => {
    act(() => {
      playSound(source)
    })
  }
  const { result } = renderHook(() => useSound(source.key))
  play()
  expect(result.current.status).toBe('loading')
  pause.mockClear()
  open()
  await screen.findByRole('timer')
  expect(result.current.status).toBe('still')
  expect(pause.mock.contexts).toContain(film)
  pass(1)
  play()
  const resume = await screen.findByRole('button', { name: 'Reprendre l’enregistrement' })
  await userEvent.click(resume)
  expect(result.current.status).toBe('still')
  act(() => {
    dropSound(source.key)
  })
  film.remove()
})

test('what was recorded when the conversation is left waits in its draft, but not for somebody who has logged out', async () => {
  for (const token of ['', 'a-token']) {
    configureConnection({ getToken: () => token })
    track.stop.mockClear()
    const { unmount } = open()
    await screen.findByRole('timer')
    pass(2)
    unmount()
    expect(track.stop).toHaveBeenCalled()
  }
  await waitFor(() => {
    expect(drafts()).toHaveLength(1)
  })
})

test('why nothing can be recorded is said in words, and it can be tried again', async () => {
  const refusals: [string, RegExp][] = [
    ['NotAllowedError', /^L’accès au micro est refusé/],
    ['NotFoundError', /^Aucun micro n’a été trouvé/],
    ['NotReadableError', /occupé par une autre application/],
    ['TypeError', /^L’enregistrement a échoué/],
  ]
  for (const [name, text] of refusals) {
    getUserMedia.mockRejectedValueOnce(Object.assign(new Error(), { name }))
    const { unmount } = open()
    expect(await screen.findByRole('alert')).toHaveTextContent(text)
    unmount()
  }
  secure = false
  open()
  expect(await screen.findByRole('alert')).toHaveTextContent(/adresse sécurisée/)
  secure = true
  await press('Réessayer')
  expect(await screen.findByRole('timer')).toBeInTheDocument()
  await press('Terminer et écouter')
  expect(await screen.findByRole('alert')).toHaveTextContent(/trop court/)
  expect(within(screen.getByRole('group', { name: 'Message vocal' })).queryByRole('button', { name: 'Envoyer le message vocal' })).not.toBeInTheDocument()
})

test('the type that most browsers play is recorded, and names the file', () => {
  expect(recordedType(() => true)).toBe('audio/mp4;codecs=mp4a.40.2')
  expect(recordedType((type) => type.includes('webm'))).toBe('audio/webm;codecs=opus')
  expect(recordedType(() => false)).toBeUndefined()
  const at = new Date(2026, 10, 3, 8, 5)
  expect(['audio/mp4', 'audio/webm', 'audio/ogg'].map((type) => voiceName(type, at))).toEqual(
    ['m4a', 'webm', 'ogg'].map((extension) => `message-vocal-2026-11-03-08h05.${extension}`),
  )
  expect(isVoice({ name: voiceName('audio/mp4', at), type: 'audio/mp4' })).toBe(true)
  expect(isVoice({ name: 'chorale.mp3', type: 'audio/mpeg' })).toBe(false)
  expect(isVoice({ name: voiceName('audio/mp4', at), type: 'application/pdf' })).toBe(false)
})

test('lengths are numbers for the eyes and words for the ears, in each language', () => {
  expect([0, 9.9, 65, 3_600].map((seconds) => clockText('fr', seconds))).toEqual(['0:00', '0:09', '1:05', '60:00'])
  expect(clockText('ar', 65)).toBe('1:05')
  // French has a space there that doesn't break.
  const words = (language: string, seconds: number) => lengthText(language, seconds).replace(/\u00a0/g, ' ')
  expect(['fr', 'en'].map((language) => words(language, 65))).toEqual(['1 minute et 5 secondes', '1 minute, 5 seconds'])
  expect([0, 120].map((seconds) => words('fr', seconds))).toEqual(['0 seconde', '2 minutes'])
})

test('the form of a sound is the loudness of its parts', () => {
  const samples = new Float32Array(400).map((_, index) => (index < 200 ? 0.5 : 0.25) * (index % 2 ? 1 : -1))
  const peaks = peaksIn(samples)
  expect([peaks.length, peaks[0], peaks.at(-1)]).toEqual([40, 1, 0.5])
  expect(peaksIn(new Float32Array(3)).every((peak) => peak === 0)).toBe(true)
  expect(peaksIn(new Float32Array())).toHaveLength(40)
})
