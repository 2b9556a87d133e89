import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { InstallOffer } from './InstallOffer'
import { comesAgain } from './visits'

const offer = () => screen.queryByRole('complementary', { name: 'Installation' })

afterEach(() => {
  delete window.messagerieInstall
})

test('installing is offered from the second day on, once', async () => {
  const prompt = jest.fn(() => Promise.resolve())
  window.messagerieInstall = { prompt }
  const first = render(<InstallOffer />)
  expect(offer()).toBeNull()
  first.unmount()
  localStorage.setItem('messagerie.firstDay', 'Mon Sep 01 2025')
  const second = render(<InstallOffer />)
  expect(offer()).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Installer' }))
  expect(prompt).toHaveBeenCalledTimes(1)
  expect(offer()).toBeNull()
  second.unmount()
  render(<InstallOffer />)
  expect(offer()).toBeNull()
})

test('it is refused for good', async () => {
  localStorage.setItem('messagerie.firstDay', 'Mon Sep 01 2025')
  window.messagerieInstall = { prompt: () => Promise.resolve() }
  const { unmount } = render(<InstallOffer />)
  await userEvent.click(screen.getByRole('button', { name: 'Ne plus proposer' }))
  unmount()
  render(<InstallOffer />)
  expect(offer()).toBeNull()
})

test('an iPhone has no such button: it is told how, and other browsers without one nothing', () => {
  localStorage.setItem('messagerie.firstDay', 'Mon Sep 01 2025')
  const { unmount } = render(<InstallOffer />)
  expect(offer()).toBeNull()
  unmount()
  const agent = jest.spyOn(navigator, 'userAgent', 'get').mockReturnValue('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')
  act(() => {
    render(<InstallOffer />)
  })
  expect(offer()).toHaveTextContent('Sur l’écran d’accueil')
  expect(screen.queryByRole('button', { name: 'Installer' })).toBeNull()
  agent.mockRestore()
})

test('the same day doesn’t count twice', () => {
  const day = new Date(2026, 8, 1, 8)
  expect(comesAgain(day)).toBe(false)
  expect(comesAgain(new Date(2026, 8, 1, 23))).toBe(false)
  expect(comesAgain(new Date(2026, 8, 2, 8))).toBe(true)
})

test('an offer that comes late is taken as well', async () => {
  localStorage.setItem('messagerie.firstDay', 'Mon Jan 01 2024')
  render(<InstallOffer />)
  expect(screen.queryByRole('button', { name: 'Installer' })).toBeNull()
  window.messagerieInstall = { prompt: () => Promise.resolve() }
  act(() => {
    window.dispatchEvent(new Event('beforeinstallprompt'))
  })
  expect(await screen.findByRole('button', { name: 'Installer' })).toBeVisible()
})
