import { Api } from './api'
import { emailOf } from './school'
import { Person } from './person'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

const refused = (status: number) => new RegExp(`the server responded with a status of ${status}`)
const ended = [refused(401), /HTTP Authentication failed/, /WebSocket is closed before/]
const newPassword = 'un-autre-mot'

const dialogOf = ({ page }: Person) => page.getByRole('dialog', { name: 'Votre session a expiré' })

/** As an administrator does when somebody has forgotten their password, or lost their phone. */
async function changePasswordOf(url: string, login: string): Promise<void> {
  const administrator = await Api.asSuperuser(url)
  const { id } = await administrator.find('users', `email = "${emailOf(login)}"`)
  await administrator.change('users', id, { password: newPassword, passwordConfirm: newPassword })
}

async function comeBack(person: Person, word = newPassword): Promise<void> {
  const dialog = dialogOf(person)
  await dialog.getByLabel('Mot de passe', { exact: true }).fill(word)
  await dialog.getByRole('button', { name: 'Continuer' }).click()
}

const scrollTop = ({ scroller }: Person) => scroller.evaluate((element) => Math.round(element.scrollTop))

test('an expired session asks for the password over the conversation, which then continues where it was', async ({ school, enter, tolerate }) => {
  tolerate(...ended, refused(400))
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')
  for (let number = 1; number <= 30; number += 1) await jerome.send(claire.conversationId, `Ligne ${number}.`)
  await expect(claire.message('Ligne 30.')).toBeVisible()
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: element.scrollTop - 300, behavior: 'instant' })
  })
  await claire.composer.fill('Un mot que je n’ai pas fi')
  const place = await scrollTop(claire)

  await changePasswordOf(school.url, 'claire.martin')
  const dialog = dialogOf(claire)
  await expect(dialog).toContainText('Claire Martin')
  await expect(dialog).toContainText(emailOf('claire.martin'))
  await expect(dialog.getByLabel('Mot de passe', { exact: true })).toBeFocused()
  await expect(claire.page.locator('.composer textarea')).toHaveValue('Un mot que je n’ai pas fi')

  // Neither Escape, nor a click beside it, nor a wrong password closes it.
  await claire.page.keyboard.press('Escape')
  await claire.page.mouse.click(5, 5)
  await comeBack(claire, 'pas le bon')
  await expect(dialog).toContainText('Ce mot de passe est incorrect.')

  await comeBack(claire)
  await expect(dialog).toBeHidden()
  await claire.untilConnected()
  await expect(claire.composer).toHaveValue('Un mot que je n’ai pas fi')
  expect(await scrollTop(claire)).toBe(place)
  await claire.composer.press('End')
  await claire.composer.pressSequentially('ni')
  await claire.sendButton.click()
  await claire.expectState('Un mot que je n’ai pas fini', 'Envoyé')
})

test('an edit in progress is still there', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...ended)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Une phrase à corriger')
  await claire.expectState('Une phrase à corriger', 'Envoyé')
  await claire.act('Une phrase à corriger', 'Modifier')
  const correction = claire.pane.getByRole('textbox', { name: 'Modification du message' })
  await correction.fill('Une phrase corrigée')
  await changePasswordOf(school.url, 'claire.martin')
  await comeBack(claire)
  await expect(correction).toHaveValue('Une phrase corrigée')
  await expect(correction).toBeFocused()
  await claire.page.keyboard.press('Enter')
  await expect(claire.message('Une phrase corrigée')).toBeVisible()
})

test('waiting messages are sent once the password is typed', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...ended, ...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.context().setOffline(true)
  await claire.write('Écrit sans réseau')
  await claire.expectState('Écrit sans réseau', 'En attente')
  await changePasswordOf(school.url, 'claire.martin')
  await claire.page.context().setOffline(false)
  await comeBack(claire)
  await claire.expectState('Écrit sans réseau', 'Envoyé')
  await expect(claire.message('Écrit sans réseau')).toHaveCount(1)
})

test('after a reload the log-in page says so, and the draft is kept', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...ended)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Un mot que je n’ai pas fini')
  await changePasswordOf(school.url, 'claire.martin')
  await expect(dialogOf(claire)).toBeVisible()
  for (let reloads = 0; reloads < 2; reloads += 1) {
    await claire.page.reload()
    await expect(claire.page.getByRole('status')).toHaveText(/^Votre session a expiré\./)
  }
  await claire.tryLogIn('claire.martin', newPassword)
  await expect(claire.composer).toHaveValue('Un mot que je n’ai pas fini')
})

test('all tabs log in and out together', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...ended)
  const claire = await enter('claire.martin')
  const secondTab = new Person(await claire.page.context().newPage())
  await secondTab.page.goto('/')
  await secondTab.untilConnected()

  await changePasswordOf(school.url, 'claire.martin')
  await expect(dialogOf(secondTab)).toBeVisible()
  await comeBack(claire)
  for (const tab of [claire, secondTab]) {
    await expect(dialogOf(tab)).toBeHidden()
    await tab.untilConnected()
  }

  await claire.page.getByRole('button', { name: 'Mon compte' }).click()
  await claire.page.getByRole('button', { name: 'Se déconnecter' }).click()
  for (const tab of [claire, secondTab]) await expect(tab.email).toBeVisible()

  await secondTab.tryLogIn('claire.martin', newPassword)
  for (const tab of [claire, secondTab]) await tab.untilConnected()
})

test('nothing can be read offline while the session has expired, until the same person logs in again', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...ended)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.evaluate(() => navigator.serviceWorker.ready)
  const kept = () => claire.page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('messagerie-read-')).length)
  await expect.poll(kept).toBe(1)
  await changePasswordOf(school.url, 'claire.martin')
  await expect(dialogOf(claire)).toBeVisible()
  await expect.poll(kept).toBe(0)
  await comeBack(claire)
  await expect.poll(kept).toBe(1)
})
