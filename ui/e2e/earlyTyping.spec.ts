import { Proxy } from './proxy'
import { expect, test } from './test'

test('what is typed before the dialog for a new conversation is loaded appears in its field, in order', async ({ school, visit, tolerate }) => {
  tolerate(/WebSocket is closed before/)
  const proxy = await Proxy.before(school.url)
  const release = proxy.hold(/\/assets\/NewConversation-/)
  const claire = await visit(proxy.url)
  await claire.logIn('claire.martin')
  const { page } = claire
  await claire.press('Nouvelle conversation')
  await page.keyboard.type('jeg')
  await page.keyboard.press('Backspace')
  release()
  await page.keyboard.type('ro')
  const dialog = page.getByRole('dialog', { name: 'Nouvelle conversation' })
  const field = dialog.getByRole('combobox', { name: 'Destinataires' })
  await expect(field).toHaveValue('jero')
  await expect(field).toBeFocused()
  await page.keyboard.type('me')
  await dialog.getByRole('option', { name: /^Jérôme Lefèvre/ }).click()
  await expect(field).toHaveValue('')
  // The focus returns to where it was, not to the hidden field.
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Nouvelle conversation' })).toBeFocused()

  // From then on the dialog opens at once, and still nothing is lost.
  await claire.press('Nouvelle conversation')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('elodie')
  await expect(field).toHaveValue('elodie')
  await page.close()
  proxy.close()
})

test('what is typed right after choosing to edit or reply appears in the field', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const { page } = claire
  await claire.open('Jérôme Lefèvre')
  await claire.write('À midi')
  await claire.expectState('À midi', 'Envoyé')
  await claire.openMenu('À midi')
  await expect(page.getByRole('menuitem', { name: 'Répondre' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.type('Entendu')
  await expect(claire.composer).toHaveValue('Entendu')
  await claire.composer.fill('')
  await claire.press('Annuler la réponse')

  await claire.openMenu('À midi')
  await expect(page.getByRole('menuitem', { name: 'Répondre' })).toBeFocused()
  await page.keyboard.press('m') // selects « Modifier », as usual in menus
  await page.keyboard.press('Enter')
  await page.keyboard.type(' précis')
  await expect(claire.pane.getByRole('textbox', { name: 'Modification du message' })).toHaveValue('À midi précis')
})
