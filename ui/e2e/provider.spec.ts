import { type OidcServer, startOidcServer } from './oidcServer'
import { emailOf } from './school'
import { expect, test as base } from './test'

const claireAtSchool = emailOf('claire.martin')
const stranger = 'inconnue@ailleurs.example'
const button = 'Se connecter avec Compte du collège'

const test = base.extend<{ provider: OidcServer }>({
  // eslint-disable-next-line no-empty-pattern
  provider: async ({}, use) => {
    const provider = await startOidcServer([claireAtSchool, stranger])
    await use(provider)
    await provider.stop()
  },
  config: async ({ provider }, use) => {
    await use(provider.config)
  },
})

test('the school’s own log-in: in, in a second tab, and out there as well', { tag: '@desktop' }, async ({ school, visit, tolerate }) => {
  tolerate(/status of 401/, /HTTP Authentication failed/) // the other tab's socket, closed before the tab hears of it
  const claire = await visit()
  await claire.press(button)
  await claire.page.getByRole('link', { name: claireAtSchool }).click()
  await claire.untilConnected()
  await expect(claire.page).toHaveURL(`${school.url}/`)

  const second = await claire.page.context().newPage()
  await second.goto(school.url)
  await expect(second.getByRole('button', { name: 'Mon compte' })).toBeVisible()

  await claire.press('Mon compte')
  await claire.press('Se déconnecter')
  await expect(claire.logInButton).toBeVisible()
  await expect(second.getByRole('button', { name: button })).toBeVisible()

  // The provider has ended its session too: it asks who it is.
  await claire.press(button)
  await expect(claire.page.getByRole('heading', { name: 'Compte du collège' })).toBeVisible()

  // Back without having chosen anybody.
  await claire.page.goBack()
  await expect(claire.page.getByRole('button', { name: button })).toBeEnabled()
})

test('the school’s own log-in: somebody whom the school doesn’t have is told so', { tag: '@desktop' }, async ({ visit, tolerate }) => {
  tolerate(/the server responded with a status of 40[03]/)
  const visitor = await visit()
  await visitor.press(button)
  await visitor.page.getByRole('link', { name: stranger }).click()
  await expect(visitor.page.getByText(/^Votre compte est reconnu, mais il ne correspond à personne dans la messagerie\./)).toBeVisible()
})
