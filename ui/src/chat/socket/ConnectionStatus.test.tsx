import { act, render, screen } from '@testing-library/react'
import '../../i18n/i18n'
import { ConnectionStatus } from './ConnectionStatus'
import type { LinkState } from './socketLink'

describe('ConnectionStatus', () => {
  const status = () => screen.getByRole('status', { name: 'État de la connexion' })

  test.each([
    [{ status: 'connected' }, 'Connecté'],
    [{ status: 'connecting' }, 'Connexion…'],
    [{ status: 'offline', retryAt: 0 }, 'Hors ligne'],
    [{ status: 'full', retryAt: 0, limit: 10 }, 'Trop d’appareils ou de fenêtres sont connectés à votre compte (10 au plus). Fermez-en pour continuer ici.'],
    [{ status: 'closed', reason: 'disabled' }, 'Déconnecté'],
  ] as const)('says %j as "%s"', (link, text) => {
    render(<ConnectionStatus link={link} waiting={0} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent(text)
  })

  test('shows how many messages wait for a link', () => {
    const { rerender } = render(<ConnectionStatus link={{ status: 'offline', retryAt: 0 }} waiting={2} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent('Hors ligne : 2 messages en attente')
    rerender(<ConnectionStatus link={{ status: 'waiting', retryAt: 0 }} waiting={1} onReconnect={() => undefined} />)
    expect(status()).toHaveTextContent('1 message en attente')
  })

  test('counts down visibly, but announces no number', () => {
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

test('a lost connection is announced once, however many attempts it takes', () => {
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
