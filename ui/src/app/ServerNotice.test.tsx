import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import { mockFetch } from '../testing/mockFetch'
import { ServerNotice } from './ServerNotice'

beforeEach(() => {
  jest.useFakeTimers()
  configureConnection({ baseUrl: '', getToken: () => 'a-token' })
})

afterEach(() => {
  jest.useRealTimers()
})

const answer = (...causes: string[]) => {
  mockFetch.on('GET', /server-problems/, { body: causes.map((cause) => ({ cause, code: 'full' })) })
}

const fiveMinutes = () => act(() => jest.advanceTimersByTimeAsync(5 * 60_000))

test('the administration reads what is wrong, until it hides it or it is over', async () => {
  const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime })
  answer('disk', 'something newer')
  render(<ServerNotice />)
  expect(await screen.findByRole('status')).toHaveTextContent(/^Prévenez la personne qui s’occupe du serveur.*Le disque du serveur est plein/)
  expect(screen.queryByText(/sauvegarde/)).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Masquer' }))
  expect(screen.queryByRole('status')).toBeNull()

  answer('disk', 'backup', 'backup_place', 'letters')
  await fiveMinutes()
  expect(screen.getByRole('status')).toHaveTextContent(/La dernière sauvegarde.*même disque.*courriels_en_echec/)

  answer()
  await fiveMinutes()
  expect(screen.queryByRole('status')).toBeNull()
})

test('nothing is shown while the server cannot be asked', async () => {
  mockFetch.on('GET', /server-problems/, { status: 503, body: {} })
  render(<ServerNotice />)
  await fiveMinutes()
  expect(mockFetch.requestsTo(/server-problems/).length).toBeGreaterThan(1)
  expect(screen.queryByRole('status')).toBeNull()
})
