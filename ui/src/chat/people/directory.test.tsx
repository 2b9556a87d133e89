import { render, screen, within } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { configureConnection } from '../../actions/connection'
import '../../i18n/i18n'
import type { Me, User } from '../../protocol/resources'
import { aClass, aConversation, aMe, elodie, jerome } from '../../testing/factories'
import { mockFetch } from '../../testing/mockFetch'
import { settled } from '../../testing/settled'
import { type Draft, NewConversation } from './NewConversation'

const classesPath = /\/classes\/123\/$/
const searchPath = /\/search\/123\/$/
const of5eB = aClass()
const nadia: User = {
  id: 4, first_name: 'Nadia', last_name: 'Benali', email: '', role: 'parent',
  children: [{ id: 9, first_name: 'Yasmine', last_name: 'Benali', relation: 'mother', classes: [{ id: 31, name: '5e B' }] }],
}
const [onPerson, onGroup, onStarted] = [jest.fn(), jest.fn(), jest.fn()]

function Dialog() {
  const [draft, setDraft] = useState<Draft>({ chosen: [], title: '' })
  return (
    <NewConversation
      establishmentId={123}
      draft={draft}
      onDraft={setDraft}
      onPerson={onPerson}
      onGroup={onGroup}
      onStarted={onStarted}
      opener={null}
      takeTyped={() => ''}
      onClose={() => undefined}
    />
  )
}

async function show(me: Partial<Me> = {}): Promise<UserEvent> {
  jest.clearAllMocks()
  onGroup.mockResolvedValue(aConversation())
  mockFetch.on('GET', /\/me\/$/, { body: aMe(me) })
  mockFetch.on('GET', classesPath, { body: [of5eB, aClass({ id: 32, name: '4e A', students: 0, teachers: 3, guardians: 0 })] })
  mockFetch.on('GET', searchPath, ({ url }) => ({ body: url.searchParams.get('role') === 'parent' ? [jerome, nadia] : [] }))
  render(<Dialog />)
  await settled()
  return userEvent.setup()
}
const directory = () => within(screen.getByRole('region', { name: 'Annuaire' }))
const press = async (user: UserEvent, name: string | RegExp) => {
  await user.click(directory().getByRole('button', { name }))
  await settled()
}
const asked = () => mockFetch.requestsTo(searchPath).map(({ url }) => url.search)

test('one walks from a class to the parents of its students, and writes to one of them', async () => {
  const user = await show()
  expect(directory().getAllByRole('button').map((button) => button.textContent)).toEqual([
    '5e B24 élèves', '4e A0 élève', 'Direction', 'Équipe enseignante', 'Personnel', 'Parents', 'Élèves',
  ])
  await press(user, /^5e B/)
  expect(directory().getByRole('heading', { name: '5e B' })).toHaveFocus()
  await press(user, /^Parents/)
  expect(directory().getByRole('heading', { name: 'Parents de 5e B' })).toHaveFocus()
  expect(asked()).toEqual(['?q=&role=parent&class=31'])
  await user.click(directory().getByRole('checkbox', { name: /^.*Nadia Benali.*Mère de Yasmine Benali \(5e\sB\)/ }))
  expect(screen.getByRole('button', { name: 'Retirer Nadia Benali' })).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Démarrer la conversation' }))
  expect(onPerson.mock.calls).toEqual([[nadia]])
})

test('it works with the keyboard alone; on the way back the focus is where it was', async () => {
  const user = await show()
  directory().getByRole('button', { name: /^Parents/ }).focus()
  await user.keyboard('{Enter}')
  await settled()
  await user.keyboard('{Tab} ')
  expect(directory().getByRole('checkbox', { name: /Jérôme/ })).toBeChecked()
  await user.keyboard(' {Shift>}{Tab}{/Shift}')
  expect(directory().getByRole('checkbox', { name: /Jérôme/ })).not.toBeChecked()
  expect(directory().getByRole('button', { name: 'Retour' })).toHaveFocus()
  await user.keyboard('{Enter}')
  expect(directory().getByRole('button', { name: /^Parents/ })).toHaveFocus()
})

test('a long list is loaded page by page', async () => {
  const user = await show()
  mockFetch.on('GET', searchPath, ({ url }) =>
    url.searchParams.has('cursor') ? { body: [elodie] } : { body: [jerome], headers: { Link: '</x?q=&role=staff&cursor=c2>; rel="next"' } },
  )
  await press(user, 'Personnel')
  expect(directory().getAllByRole('checkbox')).toHaveLength(1)
  await press(user, 'Afficher plus de personnes')
  expect(directory().getAllByRole('checkbox')).toHaveLength(2)
  expect(asked().at(-1)).toBe('?q=&role=staff&cursor=c2')
  expect(directory().queryByRole('button', { name: 'Afficher plus de personnes' })).toBeNull()
})

test('while something is searched the directory is hidden, and afterwards as it was', async () => {
  const user = await show()
  await press(user, /^5e B/)
  await user.type(screen.getByRole('combobox'), 'je')
  expect(screen.queryByRole('region', { name: 'Annuaire' })).toBeNull()
  await user.clear(screen.getByRole('combobox'))
  expect(directory().getByRole('heading', { name: '5e B' })).toBeVisible()
})

test('families and pupils are shown the roles in which they find somebody, and why the others are missing', async () => {
  await show({ role: 'student' })
  expect(directory().getAllByRole('button').map((button) => button.textContent)).toEqual(['5e B24 élèves', '4e A0 élève', 'Parents'])
  expect(directory().getByText(/qu’avec : Parents\./)).toBeVisible()
})

describe('a group of a class', () => {
  const boxes = () => directory().queryAllByRole('checkbox').map((box) => box.getAttribute('aria-label'))

  test.each<[string, Partial<Me>, boolean]>([
    ['who teaches it', { classes: [{ id: 31, name: '5e B' }] }, true],
    ['the administration', { role: 'admin', can: { announce: true, mail: true, moderate: true, administer: true, urgent: true } }, true],
    ['who teaches another class', { classes: [{ id: 32, name: '4e A' }] }, false],
    ['its students', { role: 'student', classes: [{ id: 31, name: '5e B' }] }, false],
    ['parents', { role: 'parent', children: [{ id: 9, first_name: 'Léa', last_name: 'Petit', classes: [{ id: 31, name: '5e B' }] }] }, false],
  ])('to %s is offered: %j %s', async (_, me, isOffered) => {
    const user = await show(me)
    await press(user, /^5e B/)
    expect(boxes()).toEqual(isOffered ? ['Élèves de 5e B', 'Parents de 5e B', 'Équipe enseignante de 5e B'] : [])
  })

  test('is created with the people who are ticked, and opened', async () => {
    const user = await show({ classes: [{ id: 31, name: '5e B' }] })
    await press(user, /^5e B/)
    expect(directory().getByRole('button', { name: 'Écrire à ce groupe' })).toBeDisabled()
    await user.click(directory().getByRole('checkbox', { name: 'Parents de 5e B' }))
    await user.click(directory().getByRole('checkbox', { name: 'Élèves de 5e B' }))
    expect(directory().getByText(/Le groupe suit la classe/)).toBeVisible()
    await press(user, 'Écrire à ce groupe')
    expect(onGroup.mock.calls).toEqual([[[], { title: 'Élèves et parents de 5e B', classId: 31, audience: ['student', 'parent'] }]])
    expect(onStarted).toHaveBeenCalledWith(7)
  })

  test('is offered only with people who are there', async () => {
    const user = await show({ classes: [{ id: 32, name: '4e A' }] })
    await press(user, /^4e A/)
    expect(boxes()).toEqual(['Équipe enseignante de 4e A'])
  })
})

describe('without a connection', () => {
  const cutOff = () => {
    mockFetch.on('GET', /./, () => Promise.reject(new TypeError('offline')))
  }

  test('it says so, and can be asked again', async () => {
    mockFetch.reset()
    render(<Dialog />)
    await settled()
    expect(directory().getByRole('alert')).toHaveTextContent('L’annuaire n’est accessible qu’avec une connexion.')
    mockFetch.on('GET', classesPath, { body: [of5eB] })
    await press(userEvent.setup(), 'Réessayer')
    expect(directory().getByRole('button', { name: /^5e B/ })).toBeVisible()
    expect(directory().queryByRole('alert')).toBeNull()
  })

  test('what was loaded stays', async () => {
    const user = await show()
    await press(user, 'Parents')
    await press(user, 'Retour')
    cutOff()
    await press(user, 'Parents')
    expect(directory().getAllByRole('checkbox')).toHaveLength(2)
    await press(user, 'Retour')
    await press(user, 'Personnel')
    expect(directory().getByRole('alert')).toHaveTextContent('L’annuaire n’est accessible qu’avec une connexion.')
  })
})

test('a refusal is shown in words', async () => {
  const user = await show({ classes: [{ id: 31, name: '5e B' }] })
  mockFetch.on('GET', searchPath, { status: 403, body: { status: 403, code: 'not_in_establishment', message: '', data: {} } })
  await press(user, 'Direction')
  expect(directory().getByRole('alert')).toHaveTextContent('Vous n’appartenez pas, ou plus, à cet établissement.')
})

test('where nobody is listed it says with whom one may begin a conversation', async () => {
  const user = await show()
  await press(user, /^Élèves/)
  expect(directory().getByText('Vous ne pouvez commencer une conversation qu’avec : Parents. L’annuaire montre ces personnes ; les autres n’y figurent pas.')).toBeVisible()
})

test('somebody who may begin with nobody is told so when a search finds nobody', async () => {
  // Whoever has another token may have other rights.
  configureConnection({ baseUrl: '', getToken: () => 'of-a-student', onSessionEnd: () => undefined })
  const user = await show()
  mockFetch.on('GET', searchPath, { body: [] })
  await user.type(screen.getByRole('combobox'), 'benali')
  expect(await screen.findByText(/^Vous ne pouvez pas commencer de conversation vous-même/)).toBeVisible()
})

test('who may begin with everybody is told nothing of the kind', async () => {
  configureConnection({ baseUrl: '', getToken: () => 'of-staff', onSessionEnd: () => undefined })
  const user = await show()
  mockFetch.on('GET', searchPath, ({ url }) => ({ body: url.searchParams.get('q') ? [] : [jerome] }))
  await user.type(screen.getByRole('combobox'), 'zzz')
  expect(await screen.findByText('Aucune personne trouvée.')).toBeVisible()
  await settled()
  expect(screen.queryByText(/commencer/)).toBeNull()
})
