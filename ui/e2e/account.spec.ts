import { Api } from './api'
import { MailServer, withoutQuoting } from './mailServer'
import { emailOf, password, type School } from './school'
import { expect, test } from './test'
import type { Person } from './person'

const refused = (status: number) => new RegExp(`the server responded with a status of ${status}`)
const chosen = 'un mot bien à moi'

async function openProfile({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Mon compte' }).click()
  await page.getByRole('button', { name: 'Profil et réglages' }).click()
  await expect(page.getByLabel('Mot de passe actuel')).toBeVisible()
}

test('a forgotten password: if the school can’t send mail, the page says whom to ask', { tag: '@desktop' }, async ({ visit }) => {
  const visitor = await visit()
  await visitor.page.getByRole('link', { name: 'Mot de passe oublié ?' }).click()
  await expect(visitor.page.getByRole('status')).toHaveText(/Demandez une nouvelle lettre d’accès au secrétariat\.$/)
  await expect(visitor.email).toHaveCount(0)
  await visitor.page.getByRole('link', { name: 'Retour à la connexion' }).click()
  await expect(visitor.logInButton).toBeVisible()
})

/** A school whose mails go to the test's own server. */
async function sendingMail(school: School): Promise<MailServer> {
  const mailServer = await MailServer.start()
  await (await Api.asSuperuser(school.url)).changeSettings({
    smtp: { enabled: true, host: '127.0.0.1', port: mailServer.port },
    meta: { senderAddress: 'messagerie@demo.example', appURL: school.url },
  })
  return mailServer
}

test('a forgotten password: the same response for every address', { tag: '@desktop' }, async ({ school, visit }) => {
  const mailServer = await sendingMail(school)
  const visitor = await visit()
  for (const login of ['claire.martin', 'personne']) {
    await visitor.page.goto('/forgot-password')
    await visitor.resetEmail.fill(emailOf(login))
    await visitor.page.getByRole('button', { name: 'Envoyer le lien' }).click()
    await expect(visitor.page.getByRole('status')).toHaveText(/^Si un compte existe pour cette adresse/)
  }
  mailServer.stop()
})

test('the link for a forgotten password works once', { tag: '@desktop' }, async ({ school, visit, tolerate }) => {
  tolerate(refused(400))
  const mailServer = await sendingMail(school)
  await fetch(`${school.url}/api/collections/users/request-password-reset`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: emailOf('claire.martin') }),
  })
  const mail = await mailServer.next()
  expect(mail.to).toBe(emailOf('claire.martin'))
  const link = /http\S+\/reset-password\/[\w.-]+/.exec(withoutQuoting(mail.text))?.[0] ?? ''
  const visitor = await visit()
  for (const outcome of [/^Votre mot de passe a été changé\./, /^Ce lien n’est plus valable/]) {
    await visitor.page.goto(link)
    await visitor.page.getByLabel('Nouveau mot de passe').fill(chosen)
    await visitor.page.getByRole('button', { name: 'Changer le mot de passe' }).click()
    await expect(visitor.page.getByText(outcome)).toBeVisible()
  }
  await visitor.page.getByRole('link', { name: 'Demander un autre lien' }).click()
  await expect(visitor.resetEmail).toBeFocused()
  mailServer.stop()
})

test('a temporary password is replaced before anything else', { tag: '@desktop' }, async ({ school, visit }) => {
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('users', `email = "${emailOf('claire.martin')}"`)
  await administrator.change('users', id, { temporary_password: true })
  const claire = await visit()
  await claire.tryLogIn('claire.martin')
  await expect(claire.page.getByRole('heading', { name: 'Choisissez votre mot de passe' })).toBeVisible()
  await claire.page.getByLabel('Nouveau mot de passe').fill(chosen)
  await claire.page.getByRole('button', { name: 'Changer le mot de passe' }).click()
  await claire.untilConnected()
  await claire.page.reload()
  await claire.untilConnected()
})

test('after a change of the password this device stays logged in, and the others have to log in again', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(refused(401), /HTTP Authentication failed/, /WebSocket is closed before/)
  const claire = await enter('claire.martin')
  const tablet = await enter('claire.martin')
  await openProfile(claire)
  await claire.page.getByLabel('Mot de passe actuel').fill(password)
  await claire.page.getByLabel('Nouveau mot de passe').fill(chosen)
  await claire.page.getByRole('button', { name: 'Changer le mot de passe' }).click()
  await expect(claire.page.getByText(/^Mot de passe changé\./)).toBeVisible()
  await expect(tablet.page.getByRole('dialog', { name: 'Votre session a expiré' })).toBeVisible()
  await claire.page.keyboard.press('Escape')
  await claire.untilConnected()
})

test('only people who may hide their address are offered the choice', { tag: '@desktop' }, async ({ enter }) => {
  const choice = ({ page }: Person) => page.getByRole('checkbox', { name: /^Afficher mon adresse/ })
  const fatima = await enter('fatima.benali')
  await openProfile(fatima)
  await expect(choice(fatima)).toBeEnabled()
  await choice(fatima).check()
  await expect(fatima.page.getByText('Enregistré.')).toBeVisible()

  const claire = await enter('claire.martin')
  await openProfile(claire)
  await expect(claire.page.getByText('Votre adresse e-mail est visible de tous')).toBeVisible()
  await expect(choice(claire)).toHaveCount(0)
})

test('all other devices are logged out', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(refused(401), /HTTP Authentication failed/, /WebSocket is closed before/)
  const claire = await enter('claire.martin')
  const tablet = await enter('claire.martin')
  await openProfile(claire)
  await claire.page.getByRole('button', { name: 'Déconnecter tous les autres appareils' }).click()
  await expect(claire.page.getByText('Tous les autres appareils ont été déconnectés.')).toBeVisible()
  await expect(tablet.page.getByRole('dialog', { name: 'Votre session a expiré' })).toBeVisible()
  await claire.page.keyboard.press('Escape')
  await claire.untilConnected()
})

test('in Arabic the page runs from right to left, on each device', { tag: '@desktop' }, async ({ enter, visit }) => {
  const claire = await enter('claire.martin')
  await openProfile(claire)
  const isSaved = claire.page.waitForResponse((response) => response.request().method() === 'PATCH')
  await claire.page.getByRole('combobox', { name: 'Langue' }).selectOption('العربية')
  await expect(claire.page.locator('html')).toHaveAttribute('dir', 'rtl')
  await isSaved
  await claire.page.keyboard.press('Escape')
  await claire.page.getByRole('button', { name: /^Jérôme Lefèvre/ }).click()
  await expect(claire.page.getByRole('textbox', { name: /^رسالة إلى/ })).toBeVisible()
  expect(await claire.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)

  const elsewhere = await visit()
  await elsewhere.tryLogIn('claire.martin')
  await expect(elsewhere.page.locator('html')).toHaveAttribute('dir', 'rtl')
})
