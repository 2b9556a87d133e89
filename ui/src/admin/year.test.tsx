import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import type { YearEnd } from '../protocol/yearEnd'
import { aMe, mayNothing } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { aPlan, yasmine } from '../testing/rosterFactories'
import { settled } from '../testing/settled'

const yearEnd = /\/roster\/123\/year-end\/$/

const aClass = { level: '', year: '2026-2027', students: 24, teachers: 1, becomes: '', becomes_level: '' }
const proposal: YearEnd = {
  year: '2027-2028',
  has_imports: false,
  keep_teachers: true,
  classes: [
    { ...aClass, id: 1, name: 'CM1', action: 'promoted', becomes: 'CM2', becomes_level: 'CM2' },
    { ...aClass, id: 2, name: 'CM2', action: 'leaving' },
    { ...aClass, id: 3, name: 'CE2-CM1', action: 'of a newer server' },
  ],
}
const yearPlan = aPlan({
  format: 'year_end',
  year: '2027-2028',
  encoding: '',
  files: [],
  problems: [],
  problem_count: 0,
  counts: {
    people: { leaving: 26, changing_class: 24, without_class: 24, unchanged: 300 },
    classes: { created: 1, archived: 3 },
    enrollments: { created: 25 },
    guardianships: {},
  },
})

beforeEach(() => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'admin', can: { ...mayNothing, administer: true } }) })
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '' } })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('GET', /\/roster\/123\/$/, { body: [aPlan(), yearPlan] })
  mockFetch.on('GET', /\/search\/123\/$/, { body: [yasmine] })
  mockFetch.on('GET', yearEnd, { body: proposal })
  mockFetch.on('POST', yearEnd, { status: 201, body: yearPlan })
  mockFetch.on('GET', /\/roster\/123\/900\/$/, { body: yearPlan })
})

async function open(path = '/admin/year') {
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', path)
  render(<App />)
  await screen.findByRole('heading', { level: 1, name: /^Passage d’année|^Ce qui/ })
  await settled()
}

const decision = (name: string) => screen.getByRole('combobox', { name: `Élèves de ${name}` })
const sent = () => mockFetch.requestsTo(yearEnd).filter(({ method }) => method === 'POST').map(({ body }) => body)

test('each class has a proposal, which is corrected and leads to the plan', async () => {
  await open()
  expect(document.title).toBe('Passage d’année')
  expect(decision('CM1')).toHaveDisplayValue('passent en')
  expect(decision('CE2-CM1')).toHaveDisplayValue('attendent une classe')
  expect(screen.getByText('24 élèves quitteraient l’établissement, avec leurs parents s’ils n’y ont pas d’autre enfant.')).toBeVisible()
  const next = screen.getByRole('textbox', { name: 'Nouvelle classe des élèves de CM1' })
  expect(next).toHaveValue('CM2')
  await userEvent.clear(next)
  expect(screen.getByRole('button', { name: 'Voir ce qui changerait' })).toBeDisabled()
  await userEvent.type(next, 'CM2 B')
  await userEvent.selectOptions(decision('CE2-CM1'), 'quittent l’établissement')
  await userEvent.click(screen.getByRole('checkbox', { name: 'Les enseignants gardent la classe du même nom' }))
  await userEvent.type(screen.getByRole('searchbox', { name: 'Rechercher une personne' }), 'yas')
  await userEvent.click(await screen.findByRole('button', { name: 'Ajouter Yasmine Benali' }))
  expect(mockFetch.requestsTo(/\/search\/123\/$/).at(-1)?.url.searchParams.get('role')).toBe('student')
  await userEvent.click(screen.getByRole('button', { name: 'Voir ce qui changerait' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Ce qui changerait' })).toBeVisible()
  expect(window.location.pathname).toBe('/admin/year/900')
  expect(sent()).toEqual([
    {
      year: '2027-2028',
      keep_teachers: false,
      staying: [yasmine.id],
      classes: [
        { id: 1, action: 'promoted', becomes: 'CM2 B', becomes_level: 'CM2' },
        { id: 2, action: 'leaving', becomes: '', becomes_level: '' },
        { id: 3, action: 'leaving', becomes: '', becomes_level: '' },
      ],
    },
  ])
})

test('all classes wait, or move up, at once; those who leave still leave', async () => {
  await open()
  await userEvent.click(screen.getByRole('button', { name: 'Tout le monde attend l’importation' }))
  expect([decision('CM1'), decision('CM2'), decision('CE2-CM1')].map((select) => (select as HTMLSelectElement).value)).toEqual(['waiting', 'leaving', 'waiting'])
  await userEvent.click(screen.getByRole('button', { name: 'Tout le monde monte' }))
  expect([decision('CM1'), decision('CM2'), decision('CE2-CM1')].map((select) => (select as HTMLSelectElement).value)).toEqual(['promoted', 'leaving', 'waiting'])
})

test('the plan says in plain words what happens, and is applied once it is confirmed', async () => {
  const apply = /\/900\/apply\/$/
  mockFetch.on('POST', apply, { status: 202 })
  await open('/admin/year/900')
  expect(screen.getByText('26 départs, 24 changements de classe, 24 élèves sans classe pour l’instant, 1 nouvelle classe et 3 classes archivées.')).toBeVisible()
  expect(screen.getByRole('button', { name: '3 classes archivées' })).toBeVisible()
  expect(screen.queryByText('Ce que contiennent les fichiers')).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Appliquer…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Passer à la nouvelle année ?' })
  expect(dialog).toHaveTextContent('26 personnes quittent l’établissement : leur compte sera désactivé.')
  expect(dialog).not.toHaveTextContent('fichiers')
  expect(mockFetch.requestsTo(apply)).toEqual([])
  mockFetch.on('GET', /\/roster\/123\/900\/$/, { body: { ...yearPlan, state: 'applied', applied_at: '2027-07-05T08:00:00.000Z', can_undo: true } })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Appliquer' }))
  expect(await screen.findByText('Le passage d’année est fait.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Annuler ce passage d’année…' }))
  const undo = /\/900\/undo\/$/
  mockFetch.on('POST', undo, { status: 202 })
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Annuler le passage d’année' }))
  await waitFor(() => {
    expect(mockFetch.requestsTo(undo)).toHaveLength(1)
  })
  await userEvent.click(screen.getByRole('button', { name: 'Retour au passage d’année' }))
  expect(window.location.pathname).toBe('/admin/year')
})

test('years and imports that came before are listed apart', async () => {
  await open()
  const earlier = screen.getByRole('region', { name: 'Passages précédents' })
  expect(await within(earlier).findAllByRole('link')).toHaveLength(1)
  expect(within(earlier).getByRole('link')).toHaveAttribute('href', '/admin/year/900')
  await userEvent.click(screen.getByRole('link', { name: 'Importation' }))
  const imports = await screen.findByRole('region', { name: 'Importations précédentes' })
  expect(await within(imports).findAllByRole('link')).toHaveLength(1)
})

test('without classes to archive there is nothing to decide', async () => {
  mockFetch.on('GET', yearEnd, { body: { ...proposal, classes: [] } })
  await open()
  expect(screen.getByText(/^Aucune classe à archiver pour l’année scolaire 2027-2028/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Voir ce qui changerait' })).toBeNull()
})

test('a refusal is shown, and the decisions stay', async () => {
  mockFetch.on('POST', yearEnd, { status: 403 })
  await open()
  await userEvent.selectOptions(decision('CM1'), 'attendent une classe')
  await userEvent.click(screen.getByRole('button', { name: 'Voir ce qui changerait' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Seule l’administration')
  expect(decision('CM1')).toHaveDisplayValue('attendent une classe')
})
