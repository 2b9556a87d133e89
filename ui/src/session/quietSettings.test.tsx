import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { configureConnection } from '../actions/connection'
import { addLaterTexts } from '../i18n/later'
import type { Me, OwnQuiet } from '../protocol/resources'
import { aMe } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { QuietSettings } from './QuietSettings'

const own: OwnQuiet = { from: '20:00', to: '07:00', days: ['saturday', 'sunday'] }
const mePath = /\/me\/$/
const onChange = jest.fn()
const press = (role: 'button' | 'checkbox', name: string) => userEvent.click(screen.getByRole(role, { name }))
const saved = () => mockFetch.requestsTo(mePath).map(({ body }) => body)

function show(fields: Partial<Me>) {
  addLaterTexts()
  configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
  onChange.mockClear()
  mockFetch.on('PATCH', mePath, ({ body }) => ({ body: aMe(body as Partial<Me>) }))
  render(<QuietSettings me={aMe(fields)} onChange={onChange} />)
}

test('quiet hours of one’s own begin with the usual ones, and are saved with the button', async () => {
  show({ quiet: null })
  await press('checkbox', 'Me laisser au calme')
  await press('checkbox', 'Samedi')
  expect(saved()).toEqual([])
  await press('button', 'Enregistrer mes heures de calme')
  expect(await screen.findByText('Heures de calme enregistrées.')).toBeVisible()
  const quiet = { ...own, days: ['sunday'] }
  expect(saved()).toEqual([{ quiet }])
  expect(onChange).toHaveBeenCalledWith(aMe({ quiet } as Partial<Me>))
})

test('they are turned off at once', async () => {
  show({ quiet: own })
  await press('checkbox', 'Me laisser au calme')
  expect(await screen.findByText('Heures de calme désactivées.')).toBeVisible()
  expect(saved()).toEqual([{ quiet: null }])
})

test('two equal times without a day are refused; the school’s hours are named', async () => {
  show({ quiet: { ...own, to: '20:00', days: [] }, establishments: [{ id: 123, name: 'Collège', timezone: 'Europe/Paris', quiet: 'defer' }] })
  expect(screen.getByText(/Votre établissement a déjà des heures de calme/)).toBeVisible()
  await press('button', 'Enregistrer mes heures de calme')
  expect(screen.getByText('Choisissez deux heures différentes.')).toBeVisible()
  expect(saved()).toEqual([])
})
