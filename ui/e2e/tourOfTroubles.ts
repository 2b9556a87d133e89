import { Api } from './api'
import type { Guide, Show } from './guide'
import { NextVersion } from './nextVersion'
import type { Person } from './person'
import { emailOf } from './school'
import { connectionErrors, expect } from './test'
import { anyOf } from './words'

/** Unusual situations: an expired session, a new version, no network, no server. */
export async function troubles({ school, visit, tolerate, show }: Guide): Promise<void> {
  tolerate(/status of (400|401)/, /HTTP Authentication failed/, /WebSocket is closed before/, ...connectionErrors)
  const next = await NextVersion.before(school.url)
  const claire = await visit(next.url)
  await claire.logIn('claire.martin')
  await claire.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await showUpdate(claire, next, show)

  // Near the top of the list: with large text on a small phone only the first lines are rendered.
  await claire.open('Fatima Benali')
  await claire.composer.fill('Un mot que je n’ai pas fini')
  await showExpiry(claire, school.url, show)
  await showOffline(claire, show)

  await school.crash()
  await expect(claire.connection.getByText(anyOf(claire.words.connection.waiting)).first()).toBeAttached()
  await show(claire, 'reconnecting')
  await claire.showList()
  await show(claire, 'reconnecting-list')
  await claire.page.evaluate(async () => {
    for (const name of await caches.keys()) if (name.startsWith('messagerie-read-')) await caches.delete(name)
  })
  await claire.page.reload()
  await expect(claire.page.getByRole('button', { name: claire.words.app.retry })).toBeVisible()
  await show(claire, 'unreachable')
  next.close()
}

async function showUpdate(claire: Person, next: NextVersion, show: Show): Promise<void> {
  next.release()
  await claire.page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update()
  })
  await expect(claire.page.getByRole('complementary', { name: claire.words.update.label })).toBeVisible()
  await show(claire, 'update')
  await claire.press(claire.words.update.later)
}

async function showExpiry(claire: Person, url: string, show: Show): Promise<void> {
  const { page, words } = claire
  const administrator = await Api.asSuperuser(url)
  const { id } = await administrator.find('users', `email = "${emailOf('claire.martin')}"`)
  await administrator.change('users', id, { password: 'provisoire', passwordConfirm: 'provisoire', temporary_password: true })
  const dialog = page.getByRole('dialog', { name: words.session.expired })
  await expect(dialog.getByLabel(words.login.password, { exact: true })).toBeFocused()
  await show(claire, 'expired')
  await dialog.getByLabel(words.login.password, { exact: true }).fill('pas le bon')
  await claire.press(words.session.submit)
  await expect(dialog.getByText(words.session.wrong)).toBeVisible()
  await show(claire, 'expired-wrong')
  await dialog.getByLabel(words.login.password, { exact: true }).fill('provisoire')
  await claire.press(words.session.submit)
  await expect(page.getByRole('dialog', { name: words.password.temporaryTitle })).toBeVisible()
  await show(claire, 'expired-temporary')
  await page.getByLabel(words.password.new).fill('un mot bien à moi')
  await claire.press(words.password.save)
  await claire.untilConnected()
}

async function showOffline(claire: Person, show: Show): Promise<void> {
  const { page, words } = claire
  await page.context().setOffline(true)
  await claire.write('Écrit sans réseau')
  await expect(claire.connection.getByText(words.connection.offlinePending_one.replace('{{count}}', '1'))).toBeVisible()
  await show(claire, 'offline')
  await claire.composer.fill('À moitié')
  await claire.showList()
  await claire.press(words.account.menu)
  await claire.press(words.account.logout)
  const leaving = page.getByRole('dialog', { name: words.leave.title })
  await expect(leaving.getByRole('listitem')).toHaveText(/^Fatima Benali/)
  await show(claire, 'leaving')
  await leaving.getByRole('button', { name: words.message.cancel }).click()
  await claire.open('Fatima Benali')
  await page.context().setOffline(false)
  await claire.untilConnected()
  await claire.expectState('Écrit sans réseau', words.message.state.sent)
}
