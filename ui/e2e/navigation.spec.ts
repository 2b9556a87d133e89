import type { Locator, Page } from '@playwright/test'
import { emailOf, password } from './school'
import { expect, test } from './test'

test('a link leads to its conversation after logging in, and a reload stays there', async ({ enter, visit }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const address = new URL(claire.page.url()).pathname

  const jerome = await visit(address)
  await jerome.logIn('jerome.lefevre')
  await expect(jerome.pane).toHaveAccessibleName('Conversation avec Claire Martin')
  await jerome.page.reload()
  await expect(jerome.pane).toHaveAccessibleName('Conversation avec Claire Martin')
  await expect(jerome.message('les croissants')).toBeInViewport()
  await expect(jerome.page).toHaveURL(address)
})

test('a link to a conversation of others shows an error and a way back', { tag: '@desktop' }, async ({ enter, visit, tolerate }) => {
  tolerate(/status of 403/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const fatima = await visit(new URL(claire.page.url()).pathname)
  await fatima.logIn('fatima.benali')
  await expect(fatima.page.getByText('Cette conversation n’existe pas, ou n’est pas la vôtre.')).toBeVisible()
  await fatima.page.getByRole('button', { name: 'Retour aux conversations' }).click()
  await expect(fatima.page.getByText('Choisissez une conversation').or(fatima.line('Claire Martin')).first()).toBeVisible()
  await expect(fatima.page).toHaveURL('/')
})

test('back and forward, as with a phone’s own keys', { tag: '@phone' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await expect(claire.list).toBeHidden()

  await claire.page.goBack()
  await expect(claire.list).toBeVisible()
  await expect(claire.composer).toBeHidden()
  await expect(claire.line('Jérôme Lefèvre')).toBeFocused()
  await claire.page.goForward()
  await expect(claire.composer).toBeVisible()

  await claire.showList()
  await expect(claire.line('Jérôme Lefèvre')).toBeFocused()
  await claire.open('Emily Clarke')
  await expect(claire.pane).toHaveAccessibleName('Conversation avec Emily Clarke')
})

test('a phone’s back key closes the dialog, and only then leaves the conversation', { tag: '@phone' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const details = claire.page.getByRole('dialog', { name: 'Détails de la conversation' })
  await claire.page.getByRole('button', { name: 'Détails de la conversation' }).click()
  await expect(details).toBeVisible()
  await expect.poll(() => claire.page.evaluate(() => (history.state as { layer?: number }).layer)).toBe(1)
  await claire.page.goBack()
  await expect(details).toBeHidden()
  await expect(claire.composer).toBeVisible()
  await claire.page.goBack()
  await expect(claire.line('Jérôme Lefèvre')).toBeFocused()
})

test('the back button after following a link leads to the list, not to another site', { tag: '@phone' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.reload()
  await claire.showList()
  await expect(claire.list).toBeVisible()
})

test('logging in, sending and replying without a mouse', { tag: '@desktop' }, async ({ visit }) => {
  const claire = await visit()
  const { keyboard } = claire.page
  await expect(claire.email).toBeFocused()
  await keyboard.type(emailOf('claire.martin'))
  await tabTo(claire.page, claire.password)
  await keyboard.type(password)
  await keyboard.press('Enter')
  await claire.untilConnected()

  await tabTo(claire.page, claire.search)
  await keyboard.type('jero')
  await tabTo(claire.page, claire.line('Jérôme Lefèvre'))
  await keyboard.press('Enter')
  await expect(claire.composer).toBeFocused()
  await keyboard.type('Première ligne')
  await keyboard.press('Shift+Enter')
  await keyboard.type('et la deuxième')
  await keyboard.press('Enter')
  await claire.expectState('Première ligne\net la deuxième', 'Envoyé')
  await expect(claire.composer).toBeFocused()

  // To reply: the menu of the last message, one Tab stop before the field.
  const menu = claire.messages.last().getByRole('button', { name: /^Actions sur (le|votre) message/ })
  await tabTo(claire.page, menu, 'Shift+Tab')
  await keyboard.press('Enter')
  await expect(claire.page.getByRole('menuitem', { name: 'Répondre' })).toBeFocused()
  await keyboard.press('ArrowDown')
  await expect(claire.page.getByRole('menuitem', { name: 'Copier', exact: true })).toBeFocused()
  await keyboard.press('Escape')
  await expect(menu).toBeFocused()
  await keyboard.press('Enter')
  await expect(claire.page.getByRole('menuitem', { name: 'Répondre' })).toBeFocused()
  await keyboard.press('Enter')
  await expect(claire.composer).toBeFocused()
  await keyboard.type('Je me réponds')
  await keyboard.press('Enter')
  await expect(claire.message('Je me réponds').getByRole('blockquote')).toContainText('Première ligne')
})

test('from the field it is three Tab stops to the messages, in which the arrow keys move, and one more to the header', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  const { keyboard } = claire.page
  const menuOf = (row: Locator) => row.getByRole('button', { name: /^Actions sur (le|votre) message/ })
  await expect(claire.composer).toBeFocused()
  await expect(claire.messages.last()).toBeInViewport()
  await keyboard.press('Shift+Tab')
  await expect(claire.pane.getByRole('button', { name: 'Insérer un émoji' })).toBeFocused()
  await keyboard.press('Shift+Tab')
  await expect(claire.pane.getByRole('button', { name: 'Joindre des fichiers' })).toBeFocused()
  await keyboard.press('Shift+Tab')
  await expect(menuOf(claire.messages.last())).toBeFocused()
  const start = claire.pane.getByText('Début de la conversation')
  await expect
    .poll(async () => {
      await keyboard.press('Home')
      return start.count()
    })
    .toBe(1)
  await keyboard.press('Home')
  const first = menuOf(claire.scroller.locator('li[data-message]').first())
  await expect(first).toBeFocused()
  await expect(first).toBeInViewport()

  // It stays rendered, and in its place, when scrolled away.
  const above = () => first.evaluate((button) => button.getBoundingClientRect().top + (button.closest('.messages-scroll')?.scrollTop ?? NaN))
  const before = await above()
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: element.scrollHeight, behavior: 'instant' })
  })
  await expect(claire.message('avancée d\'un quart d\'heure')).toBeInViewport()
  await expect(first).toBeFocused()
  expect(await above()).toBeCloseTo(before, 0)

  await keyboard.press('ArrowDown')
  await expect(menuOf(claire.scroller.locator('li[data-message]').nth(1))).toBeFocused()
  await expect(claire.scroller.locator('li[data-message]').nth(1)).toBeInViewport()
  await keyboard.press('Shift+Tab')
  await expect(claire.pane.getByRole('button', { name: 'Détails de la conversation' })).toBeFocused()
})

test('a new conversation without a mouse', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const { keyboard } = claire.page
  const open = claire.page.getByRole('button', { name: 'Nouvelle conversation' })
  const dialog = claire.page.getByRole('dialog', { name: 'Nouvelle conversation' })
  await tabTo(claire.page, open)
  await keyboard.press('Enter')
  await expect(dialog.getByRole('combobox', { name: 'Destinataires' })).toBeFocused()
  await keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(open).toBeFocused()

  await keyboard.press('Enter')
  await keyboard.type('garcon')
  await expect(dialog.getByRole('option', { name: 'Élodie Garçon' })).toBeVisible()
  const active = () =>
    dialog.getByRole('combobox').evaluate((field) => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '')
  await expect.poll(active).not.toBe('') // the options come first, then the one that Enter chooses
  while (!(await active()).includes('Élodie')) await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await tabTo(claire.page, dialog.getByRole('button', { name: 'Démarrer la conversation' }))
  await keyboard.press('Enter')
  await expect(claire.composer).toBeFocused()
  await expect(claire.pane).toHaveAccessibleName('Conversation avec Élodie Garçon')
})

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await expect(target).toBeVisible()
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  await expect(target).toBeFocused()
}
