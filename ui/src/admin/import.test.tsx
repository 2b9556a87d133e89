import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { aMe, mayNothing } from '../testing/factories'
import { heldAnswer, mockFetch } from '../testing/mockFetch'
import { aLeaver, aPlan } from '../testing/rosterFactories'
import { settled } from '../testing/settled'

const rosters = /\/roster\/123\/$/
const plan = /\/roster\/123\/900\/$/
const apply = /\/roster\/123\/900\/apply\/$/

beforeEach(() => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'admin', can: { ...mayNothing, administer: true } }) })
  mockFetch.on('GET', /\/school\/$/, { body: { name: '', logo: '' } })
  mockFetch.on('GET', /\/conversations\//, { body: [] })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('GET', rosters, { body: [] })
  mockFetch.on('POST', rosters, { status: 201, body: aPlan() })
  mockFetch.on('GET', plan, { body: aPlan() })
})

afterEach(() => {
  jest.useRealTimers()
})

async function open(path: string) {
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', path)
  render(<App />)
  await settled()
}

async function openPlan(fields: Parameters<typeof aPlan>[0] = {}) {
  mockFetch.on('GET', plan, { body: aPlan(fields) })
  await open('/admin/import/900')
  await screen.findByRole('heading', { level: 1, name: /^Ce qui|en cours$/ })
}

const aFile = (name: string, text = 'Nom;Prénom\nBenali;Yasmine\n') => new File([text], name, { type: 'text/csv' })

async function choose(...files: File[]) {
  await userEvent.upload(screen.getByLabelText('Choisir des fichiers', { selector: 'input' }), files)
}

const uploaded = () => mockFetch.requestsTo(rosters).filter(({ method }) => method === 'POST').map(({ body }) => body as FormData)
const namesOf = (form: FormData | undefined) => (form?.getAll('files') as File[]).map(({ name }) => name)

test('the account menu leads there, for the administration only', async () => {
  await open('/')
  await userEvent.click(screen.getByRole('button', { name: 'Mon compte' }))
  await userEvent.click(screen.getByRole('button', { name: 'Gestion de l’établissement' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Importer des personnes' })).toBeVisible()
  expect(window.location.pathname).toBe('/admin/import')
  expect(document.title).toBe('Importer des personnes')
  await userEvent.click(screen.getByRole('link', { name: 'Retour aux messages' }))
  expect(await screen.findByRole('heading', { name: 'Messages' })).toBeVisible()
})

test('others are told that it isn’t for them, and nothing is requested', async () => {
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ can: mayNothing }) })
  await open('/admin/letters')
  expect(await screen.findByRole('heading', { level: 1, name: 'Cette page est réservée à l’administration' })).toBeVisible()
  expect(mockFetch.requestsTo(/roster|classes|access-codes/)).toEqual([])
})

test('chosen, dropped and pasted files are read together, and lead to the plan', async () => {
  await open('/admin/import')
  await screen.findByRole('heading', { level: 1 })
  await choose(aFile('eleves.csv'), aFile('responsables.csv'))
  fireEvent.drop(screen.getByText('Glissez vos fichiers ici'), { dataTransfer: { files: [aFile('enseignants.csv')], types: ['Files'] } })
  await userEvent.click(screen.getByRole('button', { name: 'Retirer responsables.csv' }))
  await userEvent.click(screen.getByRole('button', { name: 'Coller depuis un tableur' }))
  const field = screen.getByRole('textbox', { name: /^Cellules copiées/ })
  fireEvent.change(field, { target: { value: 'Nom\tPrénom' } })
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter ce tableau' }))
  expect(field).toHaveAccessibleDescription('Copiez aussi la ligne des titres, et au moins une personne.')
  fireEvent.change(field, { target: { value: 'Nom\tPrénom\r\nBenali\tAdam' } })
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter ce tableau' }))

  await userEvent.click(screen.getByRole('button', { name: 'Lire les fichiers' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Ce qui changerait' })).toBeVisible()
  expect(window.location.pathname).toBe('/admin/import/900')
  expect(namesOf(uploaded()[0])).toEqual(['eleves.csv', 'enseignants.csv', 'Tableau collé 1.tsv'])
})

test('a file of the same name replaces the one before', async () => {
  await open('/admin/import')
  await screen.findByRole('heading', { level: 1 })
  await choose(aFile('eleves.csv', 'old'))
  await choose(aFile('eleves.csv', 'corrected'))
  expect(within(screen.getByRole('list', { name: 'Fichiers à lire' })).getAllByRole('listitem')).toHaveLength(1)
})

test.each([
  [
    { status: 400, body: { status: 400, code: 'unreadable_file', message: '', data: { file: 'eleves.zip', line: 3, column: 0, reason: 'l’archive est tronquée' } } },
    /« eleves\.zip, ligne 3 » n’a pas pu être lu : l’archive est tronquée\.Exportez-le de nouveau/,
  ],
  [{ status: 413 }, /trop volumineux/],
  [{ status: 403 }, /Seule l’administration/],
  [{ status: 502 }, /Pas de connexion au serveur.*rien n’a été changé/],
  [{ status: 429, headers: { 'Retry-After': '30' } }, /Réessayez dans 30 secondes/],
])('a refusal %j says what to do, and the files stay', async (answer, text) => {
  mockFetch.on('POST', rosters, answer)
  await open('/admin/import')
  await screen.findByRole('heading', { level: 1 })
  await choose(aFile('eleves.csv'))
  await userEvent.click(screen.getByRole('button', { name: 'Lire les fichiers' }))
  expect(await screen.findByRole('alert')).toHaveTextContent(text)
  expect(screen.getByText('eleves.csv')).toBeVisible()
  expect(screen.getByRole('button', { name: 'Lire les fichiers' })).toBeEnabled()
})

test('the plan is told in one sentence, with what the files are', async () => {
  await openPlan()
  expect(screen.getByText('312 nouvelles personnes, 57 départs, 1 retour, 41 changements de classe, 2 problèmes et 1 question.')).toBeVisible()
  const source = screen.getByRole('region', { name: 'Ce que contiennent les fichiers' })
  expect(source).toHaveTextContent('FormatONDEEncodageISO-8859-15')
  expect(within(source).getByRole('row', { name: 'eleves.csv 412' })).toBeVisible()
  const problems = screen.getByRole('region', { name: '2 problèmes' })
  expect(within(problems).getByRole('row', { name: /eleves\.csv ?ligne 17 ?colonne 4 La date « 31\/02\/2016 » n’existe pas\./ })).toBeVisible()
})

test('a count opens the list of what it counts, page by page', async () => {
  mockFetch.on('GET', plan, ({ url }) => {
    const cursor = url.searchParams.get('cursor')
    if (url.searchParams.get('action') !== 'leaving') return { body: aPlan() }
    return cursor === null
      ? { body: aPlan({ changes: [aLeaver(1), aLeaver(2)] }), headers: { Link: '</x?kind=people&action=leaving&cursor=next>; rel="next"' } }
      : { body: aPlan({ changes: [aLeaver(3)] }) }
  })
  await open('/admin/import/900')
  await userEvent.click(await screen.findByRole('button', { name: '57 départs' }))
  const dialog = await screen.findByRole('dialog', { name: '57 départs' })
  expect(await within(dialog).findByText('Élève Numéro 2')).toBeVisible()
  await userEvent.click(within(dialog).getByRole('button', { name: 'Afficher la suite' }))
  expect(await within(dialog).findByText('Élève Numéro 3')).toBeVisible()
  expect(within(dialog).getAllByRole('listitem')).toHaveLength(3)
  expect(within(dialog).queryByRole('button', { name: 'Afficher la suite' })).toBeNull()
})

test('a list of changes shows what was before and what is after', async () => {
  const before = { id: 1, first_name: 'Yasmine', last_name: 'Benali', role: 'student', email: '' }
  mockFetch.on('GET', plan, {
    body: aPlan({
      counts: { ...aPlan().counts, people: { updated: 1 } },
      changes: [{ kind: 'people', action: 'updated', before, after: { ...before, last_name: 'Benali-Roy', email: 'y@exemple.fr' } }],
    }),
  })
  await open('/admin/import/900')
  await userEvent.click(await screen.findByRole('button', { name: '1 fiche modifiée' }))
  const line = await screen.findByRole('listitem', { name: '' })
  expect(screen.getByText('Yasmine Benali-Roy').closest('li')).toHaveTextContent(
    'Yasmine Benali-RoyNom : Benali → Benali-RoyFonction : ÉlèveAdresse e-mail : vide → y@exemple.fr',
  )
  expect(line).toBeDefined()
})

test('questions are answered by the person who imports, and the confirmation says what happens to leavers', async () => {
  mockFetch.on('POST', apply, { status: 202 })
  await openPlan()
  const question = screen.getByRole('group', { name: /^Yasmine Benali porte le nom/ })
  expect(within(question).getByRole('radio', { name: 'Laisser de côté pour l’instant' })).toBeChecked()
  await userEvent.click(screen.getByRole('button', { name: 'Appliquer…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Appliquer cette importation ?' })
  expect(dialog).toHaveTextContent('57 personnes ne sont plus dans les fichiers : leur compte sera désactivé et elles quitteront leurs classes.')
  expect(dialog).toHaveTextContent('1 question reste sans réponse')
  expect(dialog).toHaveTextContent('2 lignes à problème seront laissées de côté.')
  await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Annuler' })).toHaveFocus())
  await userEvent.click(within(dialog).getByRole('button', { name: 'Annuler' }))
  expect(mockFetch.requestsTo(apply)).toEqual([])

  await userEvent.click(within(question).getByRole('radio', { name: /^C’est Yasmine Benali Élève de 5e\u00a0B · Date de naissance : 2014-03-21/ }))
  await userEvent.click(screen.getByRole('button', { name: 'Appliquer…' }))
  const again = await screen.findByRole('dialog', { name: 'Appliquer cette importation ?' })
  expect(again).not.toHaveTextContent('sans réponse')
  await userEvent.click(within(again).getByRole('button', { name: 'Appliquer' }))
  await settled()
  expect(mockFetch.requestsTo(apply)[0]?.body).toEqual({ decisions: { 'onde 88': 41 } })
})

test('the progress is followed until the end, through a lost connection, and survives a reload', async () => {
  jest.useFakeTimers({ advanceTimers: true })
  await openPlan({ state: 'applying', progress: 0.25 })
  expect(screen.getByRole('progressbar', { name: 'Avancement' })).toHaveAttribute('value', '0.25')
  mockFetch.on('GET', plan, { status: 502 })
  await act(() => jest.advanceTimersByTimeAsync(1_000))
  await settled()
  expect(screen.getByText(/l’importation continue sur le serveur/)).toBeVisible()
  mockFetch.on('GET', plan, { body: aPlan({ state: 'applied', progress: 1, applied_at: '2026-09-01T08:01:00.000Z', can_undo: true }) })
  await act(() => jest.advanceTimersByTimeAsync(4_000))
  await settled()
  expect(screen.getByRole('heading', { level: 1, name: 'Ce qui a changé' })).toBeVisible()
  expect(screen.getByText('L’importation est appliquée.')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Préparer les lettres d’accès' })).toHaveAttribute('href', '/admin/letters')
})

test('an outdated plan says so, and the same files can be read again', async () => {
  await open('/admin/import')
  await screen.findByRole('heading', { level: 1 })
  await choose(aFile('eleves.csv'))
  await userEvent.click(screen.getByRole('button', { name: 'Lire les fichiers' }))
  await screen.findByRole('heading', { level: 1, name: 'Ce qui changerait' })
  mockFetch.on('POST', apply, { status: 409, body: { status: 409, code: 'plan_outdated', message: '', data: {} } })
  await userEvent.click(screen.getByRole('button', { name: 'Appliquer…' }))
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Appliquer' }))
  expect(await screen.findByRole('alert')).toHaveTextContent(/ont changé depuis la préparation de ce plan/)

  mockFetch.on('POST', rosters, { status: 201, body: aPlan({ id: 901 }) })
  mockFetch.on('GET', /\/roster\/123\/901\/$/, { body: aPlan({ id: 901 }) })
  await userEvent.click(screen.getByRole('button', { name: 'Relire les fichiers' }))
  await waitFor(() => {
    expect(window.location.pathname).toBe('/admin/import/901')
  })
  expect(uploaded().map(namesOf)).toEqual([['eleves.csv'], ['eleves.csv']])
})

describe('the columns of a table', () => {
  const table = { format: 'table', columns: [{ header: 'Nom de l’enfant', field: 'last_name' }, { header: 'Truc', field: '' }] }

  test('are shown and corrected, and the same files are read with them', async () => {
    mockFetch.on('POST', rosters, { status: 201, body: aPlan(table) })
    mockFetch.on('GET', plan, { body: aPlan(table) })
    await open('/admin/import')
    await screen.findByRole('heading', { level: 1 })
    await choose(aFile('liste.csv'))
    await userEvent.click(screen.getByRole('button', { name: 'Lire les fichiers' }))
    const again = await screen.findByRole('button', { name: 'Relire avec ces réglages' })
    expect(again).toBeDisabled()
    expect(screen.getByRole('combobox', { name: 'Nom de l’enfant' })).toHaveDisplayValue('Nom')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Truc' }), 'Prénom')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Si aucune colonne ne le dit, ces personnes sont' }), 'Parent')
    await userEvent.click(screen.getByRole('checkbox', { name: /^Ce tableau nomme tout le monde/ }))
    await userEvent.click(again)
    await settled()
    expect(mockFetch.requestsTo(rosters).at(-1)?.url.search).toBe('?format=table')
    expect(JSON.parse(String(uploaded()[1]?.get('columns')))).toEqual({ 'Nom de l’enfant': 'last_name', Truc: 'first_name' })
    expect([uploaded()[1]?.get('role'), uploaded()[1]?.get('complete')]).toEqual(['parent', 'true'])
    expect(namesOf(uploaded()[1])).toEqual(['liste.csv'])
  })

  test('can only be looked at after a reload, which has lost the file', async () => {
    await openPlan(table)
    expect(screen.getByText(/relisez d’abord le fichier/)).toBeVisible()
    expect(screen.getByRole('combobox', { name: 'Truc' })).toBeDisabled()
  })
})

test('earlier imports are listed, and the last one can be undone', async () => {
  const applied = aPlan({ state: 'applied', progress: 1, applied_at: '2026-09-01T08:01:00.000Z', can_undo: true })
  mockFetch.on('GET', rosters, { body: [applied] })
  mockFetch.on('GET', plan, { body: applied })
  await open('/admin/import')
  const earlier = await screen.findByRole('region', { name: 'Importations précédentes' })
  expect(await within(earlier).findByText('Appliquée')).toBeVisible()
  await userEvent.click(within(earlier).getByRole('link', { name: /^Importation du mardi 1er septembre 2026/ }))
  await userEvent.click(await screen.findByRole('button', { name: 'Annuler cette importation…' }))
  const { answer, release } = heldAnswer()
  mockFetch.on('POST', /\/900\/undo\/$/, () => answer)
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Annuler l’importation' }))
  mockFetch.on('GET', plan, { body: aPlan({ state: 'undone' }) })
  release({ status: 202 })
  expect(await screen.findByText('L’importation a été annulée : tout est comme avant.')).toBeVisible()
})
