import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { setLanguage } from '../../i18n/i18n'
import { aMessage, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { act as choose, openGroup } from '../../testing/openChat'
import { settled } from '../../testing/settled'
import { loadEmojis } from './emojiData'

const field = () => screen.getByRole('textbox', { name: /Sortie/ })
const message = aMessage(1, { content: 'La sortie est confirmée.', sender_id: jerome.id })

beforeEach(() => {
  // Nothing is drawn here: every emoji is offered.
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
})

async function openPicker(): Promise<HTMLElement> {
  await userEvent.click(screen.getByRole('button', { name: 'Insérer un émoji' }))
  return screen.findByRole('dialog', { name: 'Émojis' })
}

async function find(picker: HTMLElement, query: string): Promise<void> {
  const search = await within(picker).findByRole('searchbox', { name: 'Rechercher un émoji' })
  await userEvent.clear(search)
  await userEvent.type(search, query)
}

/** Presses a result. They come in steps: until the last, a cell may be replaced as it is pressed. */
async function press(picker: HTMLElement, name: string): Promise<void> {
  await waitFor(async () => {
    const cell = within(picker).queryByRole('gridcell', { name })
    if (cell) await userEvent.click(cell)
    expect(picker).not.toBeInTheDocument()
  })
}

test('an emoji is found by its name without accents, and inserted where the caret is', async () => {
  await openGroup([message])
  await userEvent.type(field(), 'Bravo !{ArrowLeft}')
  const picker = await openPicker()
  await find(picker, 'coeur rouge')
  await press(picker, 'cœur rouge')
  expect(field()).toHaveValue('Bravo ❤️!')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(field()).toHaveFocus()
})

test('Enter takes the emoji that the arrows have reached', async () => {
  await openGroup([message])
  const picker = await openPicker()
  await find(picker, 'pouce vers le')
  await waitFor(() => {
    expect(within(picker).getByRole('gridcell', { name: 'pouce vers le haut' })).toHaveAttribute('aria-selected', 'true')
  })
  await waitFor(async () => {
    await userEvent.keyboard('{ArrowRight}')
    expect(within(picker).getByRole('gridcell', { name: 'pouce vers le bas' })).toHaveAttribute('aria-selected', 'true')
  })
  await userEvent.keyboard('{Enter}')
  expect(field()).toHaveValue('👎')
})

test('what doesn’t exist is said, and Escape closes without inserting', async () => {
  await openGroup([message])
  const picker = await openPicker()
  await find(picker, 'xyzzy')
  expect(await within(picker).findByText('Aucun émoji pour « xyzzy »')).toBeInTheDocument()
  await userEvent.keyboard('{Escape}')
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull()
  })
  expect(field()).toHaveValue('')
})

test('the skin tone and the last emoji are kept for the person on this device', async () => {
  await openGroup([message])
  let picker = await openPicker()
  await userEvent.click(await within(picker).findByRole('button', { name: 'Peau mate' }))
  await find(picker, 'pouce vers le haut')
  await waitFor(() => {
    expect(within(picker).getByRole('gridcell', { name: 'pouce vers le haut' })).toHaveTextContent('👍🏾')
  })
  await press(picker, 'pouce vers le haut')
  expect(field()).toHaveValue('👍🏾')
  picker = await openPicker()
  expect(await within(picker).findByRole('button', { name: 'Peau mate' })).toHaveAttribute('aria-pressed', 'true')
  await userEvent.click(within(within(picker).getByRole('group', { name: 'Récents' })).getByRole('button', { name: 'pouce vers le haut' }))
  expect(field()).toHaveValue('👍🏾👍🏾')
})

test('one reacts with any emoji', async () => {
  mockFetch.on('PUT', /\/reactions\//, { status: 204 })
  await openGroup([message], { can_react: true })
  await choose('La sortie est confirmée.', 'Autre réaction')
  const picker = await screen.findByRole('dialog', { name: 'Émojis' })
  await find(picker, 'fusée')
  await press(picker, 'fusée')
  await settled()
  expect(await screen.findByRole('button', { name: '🚀 Vous' })).toHaveAttribute('aria-pressed', 'true')
  expect(mockFetch.requestsTo(/\/reactions\//).map(({ url }) => decodeURIComponent(url.pathname))).toEqual(['/api/messagerie/messages/7/1/reactions/🚀/'])
})

test.each([
  ['fr', '❤️', 'cœur rouge'],
  ['en', '❤️', 'red heart'],
  ['ar', '❤️', 'قلب أحمر'],
] as const)('in %s %s is called %s', async (language, emoji, name) => {
  const { data, nameOf } = await loadEmojis(language)
  expect(nameOf(emoji)).toBe(name)
  expect(nameOf('👍🏽')).toBe(nameOf('👍'))
  expect(data.emojis.filter(({ label }) => label === '')).toEqual([])
  expect(data.emojis.length).toBeGreaterThan(1900)
})

test('in Arabic the picker is in Arabic', async () => {
  await openGroup([message])
  await act(() => setLanguage('ar'))
  await settled()
  await userEvent.click(screen.getByRole('button', { name: 'إدراج رمز تعبيري' }))
  const picker = await screen.findByRole('dialog', { name: 'الرموز التعبيرية' })
  expect(await within(picker).findByRole('searchbox', { name: 'البحث عن رمز تعبيري' })).toBeInTheDocument()
  await act(() => setLanguage('fr'))
})
