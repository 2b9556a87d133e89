import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App } from '../app/App'
import { roles } from '../protocol/resources'
import type { Closure, ContactRule, Pause, Rules } from '../protocol/rules'
import { aMe, mayNothing } from '../testing/factories'
import { mockFetch } from '../testing/mockFetch'
import { settled } from '../testing/settled'
// Loaded here rather than by the first test.
import './hours/HoursPage'
import './rules/RulesPage'

const pausePath = /\/pauses\/123\/$/
const closurePath = /\/closures\/123\/$/
const rulesPath = /\/rules\/123\/$/

function theRules(fields: Partial<Rules> = {}): Rules {
  const pairs = roles.flatMap((from_role) => roles.map((to_role) => ({ from_role, to_role, rule: 'always' as ContactRule, default_rule: 'always' as ContactRule })))
  return {
    contacts: 'rules', contact_rules: pairs, guardians_join: 'never', pauses: [], quiet: 'off', quiet_from: '21:00', quiet_to: '07:00',
    quiet_days: [], quiet_roles: ['parent'], urgent_roles: ['admin'], closures: [], ...fields,
  }
}

const aPause = (fields: Partial<Pause> = {}): Pause => ({ id: 5, roles: ['parent'], text: 'Nous vérifions.', from: '2026-09-01T08:00:00.000Z', until: null, ...fields })
const autumn: Closure = { id: 6, name: 'Vacances de la Toussaint', first_day: '2026-10-17', last_day: '2026-11-01' }

/** The server's rules, which a test changes as a response would. */
let rules = theRules()

async function open(path: string, fields: Partial<Rules> = {}) {
  rules = theRules(fields)
  mockFetch.on('GET', /\/me\/$/, { body: aMe({ role: 'admin', can: { ...mayNothing, administer: true } }) })
  mockFetch.on('GET', /\/school\/$/, { body: { name: 'Collège', logo: '' } })
  mockFetch.on('POST', /auth-refresh$/, { status: 503 })
  mockFetch.on('GET', rulesPath, () => ({ body: rules }))
  mockFetch.on('PATCH', rulesPath, ({ body }) => {
    const { contact_rules: pairs = [], ...change } = body as Partial<Rules>
    const contact_rules = rules.contact_rules.map((one) => ({ ...one, ...pairs.find(({ from_role, to_role }) => from_role === one.from_role && to_role === one.to_role) }))
    rules = { ...rules, ...change, contact_rules }
    return { body: rules }
  })
  localStorage.setItem('messagerie.token', 'a-token')
  window.history.replaceState(null, '', path)
  render(<App />)
  await screen.findByRole('heading', { level: 1, name: path === '/admin/rules' ? 'Qui peut écrire à qui' : 'Heures de calme' })
  await settled()
}

const button = (name: string) => screen.getByRole('button', { name })
const confirm = async (dialog: string, name: string) => {
  await userEvent.click(within(await screen.findByRole('dialog', { name: dialog })).getByRole('button', { name }))
}
const fill = (label: string, value: string) => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
}
const bodies = (method: string, path: RegExp) => mockFetch.requestsTo(path).filter((request) => request.method === method).map(({ body }) => body)

test('a change of the rules is saved after its effects were shown', async () => {
  mockFetch.on('POST', /\/preview\/$/, { body: { closed: [{ from_role: 'student', to_role: 'parent', direct: 2, groups: 1 }], opened: [] } })
  await open('/admin/rules')
  const pair = screen.getByRole('combobox', { name: 'Un élève aux parents' })
  await userEvent.selectOptions(pair, 'Jamais, même en groupe')
  // Back to what it was: nothing to save.
  await userEvent.selectOptions(pair, 'Librement (par défaut)')
  expect(button('Voir ce que cela change')).toBeDisabled()
  await userEvent.selectOptions(pair, 'Jamais, même en groupe')
  expect(screen.getByText('modifié')).toBeVisible()
  await userEvent.click(button('Voir ce que cela change'))
  expect(within(await screen.findByRole('list', { name: 'On ne pourra plus y écrire :' })).getByRole('listitem')).toHaveTextContent('Un élève avec parents : 2 conversations à deux et 1 groupe')
  expect(bodies('PATCH', rulesPath)).toEqual([])
  await confirm('Ce que ce changement entraîne', 'Enregistrer')
  expect(await screen.findByText('Enregistré.')).toBeVisible()
  const change = { contact_rules: [{ from_role: 'student', to_role: 'parent', rule: 'never' }] }
  expect(bodies('POST', /\/preview\/$/)).toEqual([change])
  expect(bodies('PATCH', rulesPath)).toEqual([change])
  expect(pair).toHaveValue('never')
})

test('a preview that is cancelled saves nothing, and the change can be undone', async () => {
  mockFetch.on('POST', /\/preview\/$/, { body: { closed: [], opened: [] } })
  await open('/admin/rules')
  await userEvent.click(screen.getByRole('radio', { name: 'Tout le monde peut écrire à tout le monde' }))
  await userEvent.click(button('Voir ce que cela change'))
  expect(await screen.findByText('Aucune conversation existante n’est concernée.')).toBeVisible()
  await confirm('Ce que ce changement entraîne', 'Annuler')
  await userEvent.click(button('Rétablir'))
  expect(screen.getByRole('radio', { name: 'Selon les règles ci-dessous (recommandé)' })).toBeChecked()
  expect(bodies('PATCH', rulesPath)).toEqual([])
})

test('a role is paused with a text, and its people are signed out in a second step', async () => {
  mockFetch.on('POST', pausePath, ({ body }) => {
    rules = { ...rules, pauses: [aPause(body as Partial<Pause>)] }
    return { status: 201, body: rules.pauses[0] }
  })
  mockFetch.on('POST', /\/sign-out\/123\/$/, { body: { signed_out: 41 } })
  await open('/admin/rules')
  await userEvent.click(screen.getByRole('switch', { name: 'Suspendre : parents' }))
  const dialog = await screen.findByRole('dialog', { name: 'Suspendre l’envoi de messages : parents' })
  expect(screen.queryByRole('button', { name: 'Déconnecter tous ces comptes' })).toBeNull()
  fill('Message affiché à ces personnes', 'Comptes volés.')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Suspendre' }))
  await waitFor(() => expect(screen.getByRole('switch', { name: 'Suspendre : parents' })).toBeChecked())
  expect(bodies('POST', pausePath)).toEqual([{ roles: ['parent'], text: 'Comptes volés.', until: null }])
  expect(screen.getByRole('switch', { name: 'Suspendre : élèves' })).not.toBeChecked()

  await userEvent.click(button('Déconnecter tous ces comptes'))
  expect(mockFetch.requestsTo(/\/sign-out\//)).toEqual([])
  await confirm('Déconnecter : parents ?', 'Déconnecter')
  expect(await screen.findByText('41 personnes ont été déconnectées.')).toBeVisible()
  expect(bodies('POST', /\/sign-out\/123\/$/)).toEqual([{ roles: ['parent'] }])
})

test('a pause is lifted with its switch', async () => {
  mockFetch.on('DELETE', /\/pauses\/123\/5\/$/, () => {
    rules = { ...rules, pauses: [] }
    return { status: 204 }
  })
  await open('/admin/rules', { pauses: [aPause()] })
  expect(screen.getByText('Nous vérifions.')).toBeVisible()
  await userEvent.click(screen.getByRole('switch', { name: 'Suspendre : parents' }))
  await waitFor(() => expect(screen.getByRole('switch', { name: 'Suspendre : parents' })).not.toBeChecked())
  expect(screen.queryByText('Nous vérifions.')).toBeNull()
})

test('the recommended hours are turned on with one press, and are in the fields', async () => {
  await open('/admin/hours')
  await userEvent.click(button('Activer ces heures de calme'))
  expect(await screen.findByText('Ces heures de calme sont activées.')).toBeVisible()
  expect(bodies('PATCH', rulesPath)).toEqual([{ quiet: 'defer', quiet_from: '20:00', quiet_to: '07:00', quiet_days: ['saturday', 'sunday'] }])
  expect(screen.getByRole('switch', { name: 'Heures de calme activées' })).toBeChecked()
  expect(screen.getByLabelText('De')).toHaveValue('20:00')
  expect(screen.getByRole('checkbox', { name: 'Samedi' })).toBeChecked()
})

test('own settings are saved, which is said', async () => {
  await open('/admin/hours')
  await userEvent.click(screen.getByRole('checkbox', { name: 'Dimanche' }))
  await userEvent.click(button('Enregistrer'))
  expect(await screen.findByText('Enregistré.')).toBeVisible()
  expect(bodies('PATCH', rulesPath)).toMatchObject([{ quiet: 'off', quiet_from: '21:00', quiet_days: ['sunday'] }])
})

test('holidays are added by hand, and removed', async () => {
  mockFetch.on('POST', closurePath, ({ body }) => {
    rules = { ...rules, closures: [{ ...autumn, ...(body as object) }] }
    return { status: 201, body: rules.closures[0] }
  })
  mockFetch.on('DELETE', /\/closures\/123\/6\/$/, () => {
    rules = { ...rules, closures: [] }
    return { status: 204 }
  })
  await open('/admin/hours')
  fill('Nom', autumn.name)
  fill('Premier jour', autumn.first_day)
  fill('Dernier jour', '2026-10-16')
  await userEvent.click(button('Ajouter'))
  expect(screen.getByText('Le dernier jour ne peut pas précéder le premier.')).toBeVisible()
  expect(bodies('POST', closurePath)).toEqual([])
  fill('Dernier jour', autumn.last_day)
  await userEvent.click(button('Ajouter'))
  expect(await screen.findByText('du 17 octobre 2026 au 1er novembre 2026')).toBeVisible()
  await userEvent.click(button('Retirer Vacances de la Toussaint'))
  expect(await screen.findByText('Aucune date pour le moment.')).toBeVisible()
})

test('a calendar is imported; one that can’t be read says so', async () => {
  mockFetch.on('POST', closurePath, () => {
    rules = { ...rules, closures: [autumn] }
    return { status: 201, body: { added: 1, unchanged: 2, ignored: 3, closures: [autumn] } }
  })
  await open('/admin/hours')
  const calendar = new File(['BEGIN:VCALENDAR'], 'zone-a.ics', { type: 'text/calendar' })
  await userEvent.upload(screen.getByLabelText('Importer un calendrier (.ics)', { selector: 'input' }), calendar)
  expect(await screen.findByText('1 période ajoutée.')).toBeVisible()
  expect(screen.getByText(autumn.name)).toBeVisible()
  expect((bodies('POST', closurePath)[0] as FormData).get('file')).toMatchObject({ name: 'zone-a.ics' })

  mockFetch.on('POST', closurePath, { status: 400, body: { status: 400, code: 'unreadable_file', message: '', data: {} } })
  await userEvent.upload(screen.getByLabelText('Importer un calendrier (.ics)', { selector: 'input' }), calendar)
  expect(await screen.findByText('Un fichier n’a pas pu être lu.')).toBeVisible()
})
