import { Api } from './api'
import { emailOf } from './school'
import { expect, test } from './test'

const refused = (status: number) => new RegExp(`the server responded with a status of ${status}`)

test('the log-in page says in French what is missing, at the field', { tag: '@desktop' }, async ({ visit }) => {
  const visitor = await visit()
  await expect(visitor.page.getByRole('heading', { name: 'Connexion' })).toBeVisible()

  await visitor.logInButton.click()
  await expect(visitor.email).toHaveAccessibleDescription('Indiquez votre adresse e-mail ou votre identifiant.')
  await expect(visitor.email).toBeFocused()

  await visitor.email.fill(emailOf('claire.martin'))
  await visitor.logInButton.click()
  await expect(visitor.password).toHaveAccessibleDescription('Indiquez votre mot de passe.')
  await expect(visitor.password).toBeFocused()
})

test('a browser that is too old for the client says so', { tag: '@phone' }, async ({ visit, tolerate }) => {
  tolerate(/Failed to load resource/)
  const { page } = await visit()
  await page.addInitScript(() => {
    Reflect.deleteProperty(Array.prototype, 'findLast')
  })
  await page.route('**/assets/*.js', (route) => route.abort()) // which such a browser can't read
  await page.reload()
  await expect(page.getByRole('heading')).toHaveText('Ce navigateur est trop ancien')
  await expect(page.getByText(/iOS 16\.4/)).toBeInViewport({ ratio: 1 })
})

test('without JavaScript the page says what it needs', { tag: '@phone' }, async ({ browser, school }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(school.url)
  await expect(page.getByRole('heading')).toHaveText('JavaScript est désactivé')
  await context.close()
})

test('a wrong password and an unknown address give the same error', { tag: '@desktop' }, async ({ visit, tolerate }) => {
  tolerate(refused(400))
  const visitor = await visit()
  for (const login of ['claire.martin', 'personne']) {
    await visitor.tryLogIn(login, 'pas le bon')
    await expect(visitor.page.getByRole('alert')).toHaveText('L’identifiant ou le mot de passe est incorrect.')
    await expect(visitor.logInButton).toBeEnabled()
  }
  await visitor.logIn('claire.martin')
})

test.describe('with few attempts allowed', () => {
  test.use({ config: 'limits:\n  login_failures: 3\n' })

  test('too many attempts: the person is asked to wait', { tag: '@desktop' }, async ({ visit, tolerate }) => {
    tolerate(refused(400), refused(429))
    const visitor = await visit()
    for (let tries = 0; tries < 4; tries += 1) {
      await visitor.tryLogIn('claire.martin', `essai ${tries}`)
      await expect(visitor.logInButton).toBeEnabled()
    }
    await expect(visitor.page.getByRole('alert')).toHaveText(/^Trop de tentatives\. Réessayez dans \d+ secondes?\.$/)
  })
})

test('a disabled account: the person sees why they are logged out, at once and at the next log-in', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(refused(401), refused(403))
  const fatima = await enter('fatima.benali')
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('users', `email = "${emailOf('fatima.benali')}"`)
  await administrator.change('users', id, { disabled: true })

  const reason = 'Ce compte est désactivé. Adressez-vous à votre établissement.'
  await expect(fatima.page.getByRole('status')).toHaveText(reason)
  await fatima.tryLogIn('fatima.benali')
  await expect(fatima.page.getByRole('alert')).toHaveText(reason)
})

test('logging out lasts over a reload', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.page.getByRole('button', { name: 'Mon compte' }).click()
  await claire.page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(claire.email).toBeVisible()
  await claire.page.reload()
  await expect(claire.email).toBeVisible()
  await expect(claire.page.getByRole('status')).toHaveCount(0)
})
