import { Api } from './api'
import type { Guide, Show } from './guide'
import type { Person } from './person'
import { password } from './school'
import { expect, test } from './test'
import { administration } from './tourOfAdministration'
import { troubles } from './tourOfTroubles'
import { anyOf } from './words'

/** Every screen, in the order in which somebody might visit them, in any language. */
const tours: Record<string, (guide: Guide) => Promise<void>> = {
  entrance,
  messages,
  dialogs,
  administration,
  troubles,
}

/** Declares one test for each tour. Only troubles need a service worker. */
export function forEachTour(declare: (name: string, walk: (guide: Guide) => Promise<void>) => void): void {
  for (const [name, walk] of Object.entries(tours)) {
    test.describe(() => {
      test.use({ hasServiceWorker: walk === troubles })
      declare(name, walk)
    })
  }
}

const teamOfClass = '5e B – équipe pédagogique'

async function entrance(guide: Guide): Promise<void> {
  const { school, visit, tolerate, show } = guide
  tolerate(/status of (400|401|403|429)/)
  const visitor = await visit()
  await showLogin(visitor, show)
  await showForgotten(visitor, show)

  const administrator = await Api.asSuperuser(school.url)
  const lucie = { email: 'lucie.petit@demo.example', password, passwordConfirm: password, first_name: 'Lucie', last_name: 'Petit' }
  const establishments = ['0000000000000001']
  const { id } = await administrator.create('users', { ...lucie, role: 'teacher', establishments, verified: true, temporary_password: true })
  await visitor.page.goto('/')
  await visitor.tryLogIn('lucie.petit')
  await expect(visitor.page.getByRole('heading', { name: visitor.words.password.temporaryTitle })).toBeVisible()
  await show(visitor, 'temporary-password')

  const own = 'un mot bien à elle'
  await administrator.change('users', id, { temporary_password: false, password: own, passwordConfirm: own })
  await visitor.page.reload()
  await expect(visitor.page.getByRole('status')).toHaveText(visitor.words.login.expired)
  await show(visitor, 'login-expired')
  await visitor.tryLogIn('lucie.petit', own)
  await visitor.untilConnected()
  await show(visitor, 'list-empty')
  await visitor.page.goto('/c/1')
  await expect(visitor.page.getByText(visitor.words.chat.notFound)).toBeVisible()
  await show(visitor, 'not-found')
  await administrator.change('users', id, { establishments: [] })
  await visitor.page.reload()
  await expect(visitor.page.getByRole('heading', { name: visitor.words.account.noEstablishment })).toBeVisible()
  await show(visitor, 'no-establishment')
}

async function showLogin(visitor: Person, show: Show): Promise<void> {
  await show(visitor, 'login')
  await visitor.press(visitor.words.help.section.privacy)
  await expect(visitor.page.getByRole('dialog').getByRole('heading', { name: visitor.words.help.privacy.longTitle })).toBeVisible()
  await show(visitor, 'login-privacy')
  await visitor.page.keyboard.press('Escape')
  await expect(visitor.page.getByRole('dialog')).toHaveCount(0)
  await visitor.logInButton.click()
  await show(visitor, 'login-missing')
  await visitor.tryLogIn('claire.martin', 'pas le bon')
  await expect(visitor.page.getByRole('alert')).toBeVisible()
  await show(visitor, 'login-wrong')
  // The response after many attempts, without making them.
  await visitor.page.context().route('**/auth-with-password', (route) => route.fulfill({ status: 429, headers: { 'Retry-After': '28' } }))
  await visitor.tryLogIn('claire.martin', 'pas le bon')
  await expect(visitor.page.getByRole('alert')).toHaveText(/28/)
  await show(visitor, 'login-locked')
  await visitor.page.context().unroute('**/auth-with-password')
}

async function showForgotten(visitor: Person, show: Show): Promise<void> {
  const { page, words } = visitor
  await page.getByRole('link', { name: words.login.forgot }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await show(visitor, 'forgot-password-office')
  // A school that can send mail.
  await page.context().route('**/api/messagerie/school/', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...((await response.json()) as object), password_reset: true } })
  })
  await page.context().route('**/request-password-reset', (route) => route.fulfill({ status: 204 }))
  await page.goto('/forgot-password')
  await expect(visitor.resetEmail).toBeVisible()
  await show(visitor, 'forgot-password')
  await visitor.resetEmail.fill('personne@demo.example')
  await visitor.press(words.password.forgotSubmit)
  await expect(page.getByRole('status')).toBeVisible()
  await show(visitor, 'forgot-password-sent')

  await page.goto('/reset-password/a.stale.link')
  await page.getByLabel(words.password.new).fill('court')
  await visitor.press(words.password.save)
  await show(visitor, 'reset-password')
  await page.getByLabel(words.password.new).fill('un mot bien à moi')
  await visitor.press(words.password.save)
  await expect(page.getByRole('alert')).toBeVisible()
  await show(visitor, 'reset-password-stale')
}

async function messages({ school, enter, show }: Guide): Promise<void> {
  const claire = await enter('claire.martin')
  await show(claire, 'list')
  await claire.search.fill('gar')
  await expect(claire.contacts.getByRole('button').first()).toBeVisible()
  await show(claire, 'list-search')
  await claire.search.fill('zzz')
  await expect(claire.page.getByRole('status', { name: claire.words.create.results })).toHaveText(anyOf(claire.words.list.noMatch))
  await show(claire, 'list-no-match')
  await claire.search.fill('')
  await showConversation(claire, await Api.asPerson(school.url, 'fatima.benali'), show)
  await claire.showList()

  const jerome = await enter('jerome.lefevre')
  await jerome.open(teamOfClass)
  await claire.open(teamOfClass)
  await claire.write('Je leur dirai demain matin.')
  await claire.expectState('demain matin', claire.words.message.state.sent)
  await jerome.composer.pressSequentially('Très')
  await expect(claire.pane.getByText(anyOf(claire.words.typing.one))).toBeVisible()
  await show(claire, 'group')
}

async function showConversation(claire: Person, fatima: Api, show: Show): Promise<void> {
  const { page, words } = claire
  await claire.open('Fatima Benali')
  await claire.write('Bonjour madame, jeudi à 17 h 30 vous conviendrait-il ? Nous pourrions regarder ensemble la présentation de l’option : https://example.org/options/latin')
  await claire.expectState('jeudi à 17 h 30', words.message.state.sent)
  await fatima.send(claire.conversationId, 'Jeudi, c’est parfait. Merci beaucoup !')
  await claire.act('c’est parfait', words.message.reply)
  await claire.composer.fill('Une dernière chose :\nYasmine peut venir aussi.')
  await show(claire, 'conversation-reply')
  await claire.sendButton.click()
  await claire.expectState('Une dernière chose', words.message.state.sent)
  const asked = (await fatima.messages(claire.conversationId)).find(({ content }) => content.includes('plutôt en fin de'))
  await fatima.react(claire.conversationId, asked?.id ?? 0, '👍')
  // The row grows with it, under the pointer.
  await expect(claire.pane.getByRole('button', { name: /^👍/u })).toBeVisible()
  await claire.act('plutôt en fin de', words.reaction.add.replace('{{name}}', words.reaction.name.heart))
  await expect(claire.pane.getByRole('button', { name: /^(👍|❤️)/u })).toHaveCount(2)
  await show(claire, 'conversation')
  await claire.openMenu('Une dernière chose')
  await show(claire, 'conversation-menu')
  await page.getByRole('menuitem', { name: words.message.edit }).click()
  await show(claire, 'conversation-edit')
  await claire.press(words.composer.cancelEdit)
  await claire.act('Une dernière chose', words.message.delete)
  await page.getByRole('dialog').getByRole('button', { name: words.message.delete, exact: true }).hover()
  await show(claire, 'conversation-delete')
  await claire.press(words.message.delete)
  await expect(claire.message(words.message.deleted)).toBeVisible()
  // Where a reader would be: the pointer's way to the menus has scrolled, in large text by more than what still counts as the end.
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: element.scrollHeight, behavior: 'instant' })
  })
  await expect(claire.pane.getByRole('button', { name: words.message.toEnd })).toBeHidden()
  const several = ['D’accord.', 'Je le note dans son carnet.', 'Faut-il apporter quelque chose ?', 'Bonne journée à vous.', 'Yasmine vous salue.']
  for (const text of [...several, ...several, 'Elle se réjouit déjà.']) await fatima.send(claire.conversationId, text)
  await expect(claire.message('se réjouit')).toBeInViewport()
  await expect.poll(async () => (await fatima.messages(claire.conversationId, 'limit=1'))[0]?.status).toBe('read') // so none is new above
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: 0, behavior: 'instant' })
  })
  await expect(claire.pane.getByRole('button', { name: words.message.toEnd })).toBeVisible()
  await fatima.send(claire.conversationId, 'Bonne soirée !')
  await expect(claire.pane.getByRole('button', { name: anyOf(words.message.newCount_one) })).toBeVisible()
  await show(claire, 'conversation-above')
}

async function dialogs({ school, enter, show }: Guide): Promise<void> {
  const claire = await enter('claire.martin')
  const { page, words } = claire
  const dialog = page.getByRole('dialog')
  await claire.press(words.account.menu)
  await show(claire, 'account')
  await claire.press(words.account.help)
  for (const section of ['use', 'keys', 'accessibility', 'about'] as const) {
    await dialog.getByRole('button', { name: words.help.section[section] }).click()
    await expect(dialog.getByRole('button', { name: words.help.section[section] })).toHaveAttribute('aria-current', 'page')
    await show(claire, `help-${section}`)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await claire.press(words.account.menu)
  await claire.press(words.account.profile)
  await expect(page.getByText(words.profile.emailSeen)).toBeVisible()
  await show(claire, 'profile')
  await page.getByLabel(words.password.current).fill('pas le bon')
  await page.getByLabel(words.password.new).fill('court')
  await claire.press(words.password.save)
  await show(claire, 'profile-password')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await claire.press(words.create.open)
  await expect(dialog).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^5e B/ })).toBeVisible()
  await show(claire, 'new-conversation')
  await dialog.getByRole('button', { name: /^5e B/ }).click()
  await show(claire, 'directory-class')
  await dialog.getByRole('button', { name: new RegExp(`^${words.directory.role.parent}`) }).click()
  await expect(dialog.getByRole('checkbox').first()).toBeVisible()
  await show(claire, 'directory-people')
  await claire.press(words.directory.back)
  await claire.press(words.directory.back)
  for (const typed of ['jero', 'nunez']) {
    await dialog.getByRole('combobox').fill(typed)
    await dialog.getByRole('option').first().click()
  }
  await dialog.getByRole('combobox').fill('le')
  await expect(dialog.getByRole('option').first()).toBeVisible()
  await dialog.getByRole('textbox', { name: words.create.groupTitle }).fill('Voyage à Séville')
  await show(claire, 'new-group')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await showDetails(claire, show)
  const fatima = await enter('fatima.benali')
  await (await Api.asSuperuser(school.url)).openContacts()
  const { conversation_id: id } = await (await Api.asPerson(school.url, 'claire.martin')).converse(manyOfTheCollege, { title: 'Kermesse' })
  await fatima.page.goto(`/c/${id}`)
  await fatima.press(fatima.words.details.title)
  await expect(fatima.page.getByRole('dialog').getByRole('listitem')).toHaveCount(manyOfTheCollege.length + 1)
  await show(fatima, 'details-of-many')
}

/** Ids of people of the demo, enough for the members to be searchable. */
const manyOfTheCollege = Array.from({ length: 30 }, (_, index) => index + 2).filter((id) => id !== 17)

async function showDetails(claire: Person, show: Show): Promise<void> {
  const { page, words } = claire
  const dialog = page.getByRole('dialog', { name: words.details.title })
  await claire.open(teamOfClass)
  await claire.press(words.details.title)
  await expect(dialog).toBeVisible()
  await show(claire, 'details')
  await dialog.getByRole('button', { name: /^Jérôme Lefèvre/ }).click()
  await expect(page.getByRole('dialog', { name: 'Jérôme Lefèvre' })).toBeVisible()
  await show(claire, 'person')
  await page.keyboard.press('Escape')
  await claire.press(words.details.rename)
  await show(claire, 'details-rename')
  await dialog.getByRole('button', { name: words.create.cancel }).click()
  await claire.press(words.details.add)
  await dialog.getByRole('combobox').fill('le')
  await expect(dialog.getByRole('option').first()).toBeVisible()
  await show(claire, 'details-add')
  await dialog.getByRole('button', { name: words.create.cancel }).click()
  await claire.press(words.details.leave)
  await page.getByRole('dialog', { name: words.details.leaveTitle }).getByRole('button').last().hover()
  await show(claire, 'details-leave')
}
