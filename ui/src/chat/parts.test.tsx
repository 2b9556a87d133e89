import { act, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import '../i18n/i18n'
import { useState } from 'react'
import { ConnectionStatus } from './ConnectionStatus'
import type { LinkState } from './socketLink'
import { MessageInput } from './MessageInput'
import { TypingIndicator } from './TypingIndicator'

describe('ConnectionStatus', () => {
  const status = () => screen.getByRole('status', { name: 'État de la connexion' })

  test.each([
    [{ status: 'connected' }, 'Connecté'],
    [{ status: 'connecting' }, 'Connexion…'],
    [{ status: 'offline', retryAt: 0 }, 'Hors ligne'],
    [{ status: 'closed', reason: 'disabled' }, 'Déconnecté'],
  ] as const)('says %j as "%s"', (link, text) => {
    render(<ConnectionStatus link={link} waiting={0} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent(text)
  })

  test('says how many messages wait for a link', () => {
    const { rerender } = render(<ConnectionStatus link={{ status: 'offline', retryAt: 0 }} waiting={2} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent('Hors ligne : 2 messages en attente')
    rerender(<ConnectionStatus link={{ status: 'waiting', retryAt: 0 }} waiting={1} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent('1 message en attente')
  })

  test('counts down before the eyes, and speaks no figure that would stay', () => {
    jest.useFakeTimers()
    render(<ConnectionStatus link={{ status: 'waiting', retryAt: Date.now() + 4_000 }} waiting={0} onReconnect={() => undefined} />)
    act(() => {
      jest.advanceTimersByTime(2_000)
    })
    expect(screen.getByText('Connexion interrompue. Reconnexion en cours…')).toHaveClass('visually-hidden')
    expect(screen.getByText('Reconnexion dans 2 s…')).toHaveAttribute('aria-hidden', 'true')
    jest.useRealTimers()
  })
})

test('a gap is spoken once, however many tries it takes', () => {
  const at = (link: LinkState) => <ConnectionStatus link={link} waiting={0} onReconnect={() => undefined} />
  const spoken = () => {
    const copy = screen.getByRole('status', { name: 'État de la connexion' }).cloneNode(true) as HTMLElement
    for (const silent of copy.querySelectorAll('[aria-hidden]')) silent.remove()
    return copy.textContent
  }
  const { rerender } = render(at({ status: 'connecting' }))
  const heard = [spoken()]
  const inSeconds = (seconds: number) => Date.now() + seconds * 1_000
  const gap: LinkState[] = [{ status: 'connected' }, { status: 'waiting', retryAt: inSeconds(1) }, { status: 'connecting' }, { status: 'waiting', retryAt: inSeconds(4) }, { status: 'connecting' }, { status: 'connected' }]
  for (const link of gap) {
    rerender(at(link))
    if (spoken() !== heard.at(-1)) heard.push(spoken())
  }
  expect(heard).toEqual(['Connexion…', 'Connecté', 'Connexion interrompue. Reconnexion en cours…', 'Connecté'])
})

describe('TypingIndicator', () => {
  test.each([
    [[], ''],
    [['Jérôme'], 'Jérôme écrit…'],
    [['Jérôme', 'Élodie'], 'Jérôme et Élodie écrivent…'],
    [['Jérôme', 'Élodie', 'Nadia'], 'Plusieurs personnes écrivent…'],
  ])('names %j', (names, text) => {
    const { container } = render(<TypingIndicator names={names} />)
    expect(container).toHaveTextContent(text)
  })
})

describe('MessageInput', () => {
  const onSend = jest.fn()
  function Field({ start = '' }: { start?: string }) {
    const [text, setText] = useState(start)
    return <MessageInput text={text} label="Message" sendLabel="Envoyer" takesFocus onChange={setText} onSend={onSend} />
  }
  beforeEach(() => {
    jest.clearAllMocks()
  })

  test('sends on Enter, trimmed, and breaks the line with Shift', async () => {
    render(<Field />)
    await userEvent.type(screen.getByRole('textbox'), ' un{Shift>}{Enter}{/Shift}deux {Enter}')
    expect(onSend.mock.calls).toEqual([['un\ndeux']])
  })

  test('on a touch screen Enter breaks the line', async () => {
    jest.spyOn(window, 'matchMedia').mockImplementation(
      (media) => ({ media, matches: media.includes('coarse'), addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList,
    )
    render(<Field />)
    await userEvent.type(screen.getByRole('textbox'), 'un{Enter}deux')
    expect(onSend).not.toHaveBeenCalled()
    await userEvent.click(screen.getByRole('button', { name: 'Envoyer' }))
    expect(onSend.mock.calls).toEqual([['un\ndeux']])
  })

  test('leaves the keys of a composition alone, those of Safari too', async () => {
    const onCancel = jest.fn()
    render(<MessageInput text="né" label="Message" sendLabel="Envoyer" takesFocus onChange={jest.fn()} onSend={onSend} onCancel={onCancel} />)
    const field = screen.getByRole('textbox')
    for (const key of ['Enter', 'Escape']) {
      fireEvent.keyDown(field, { key, isComposing: true })
      fireEvent.keyDown(field, { key, keyCode: 229 })
    }
    expect([onSend, onCancel].map((heard) => heard.mock.calls.length)).toEqual([0, 0])
    await userEvent.type(field, '{Enter}{Escape}')
    expect([onSend, onCancel].map((heard) => heard.mock.calls.length)).toEqual([1, 1])
  })

  test('sends neither nothing nor too much', async () => {
    render(<Field start={'a'.repeat(10_000)} />)
    expect(screen.getByText('0 caractère restant')).toBeVisible()
    await userEvent.type(screen.getByRole('textbox'), 'bb')
    expect(screen.getByText('2 caractères de trop')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Envoyer' })).toBeDisabled()
    await userEvent.clear(screen.getByRole('textbox'))
    await userEvent.type(screen.getByRole('textbox'), '   {Enter}')
    expect(onSend).not.toHaveBeenCalled()
  })
})
