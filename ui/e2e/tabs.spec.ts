import { Person } from './person'
import { expect, test } from './test'

test('two tabs of one person stay in sync', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const secondTab = new Person(await claire.page.context().newPage())
  await secondTab.page.goto('/')
  await secondTab.untilConnected()
  await expect(secondTab.line('Fatima Benali')).toContainText('2 messages non lus')

  // Reading in one tab is reading in the other.
  await claire.open('Fatima Benali')
  await expect(secondTab.line('Fatima Benali')).not.toContainText('non lu')
  await expect(secondTab.page).toHaveTitle(await claire.page.title())

  // A message sent in one tab appears in the other as one's own.
  await secondTab.open('Fatima Benali')
  await claire.page.bringToFront()
  await claire.write('Jeudi à 17 h 30, en salle 204 ?')
  await expect(secondTab.message('Vous : Jeudi à 17 h 30')).toHaveCount(1)
  await secondTab.expectState('Jeudi à 17 h 30', 'Envoyé')

  // Both show that the other person has read it; nobody sees themselves typing.
  const fatima = await enter('fatima.benali')
  await fatima.open('Claire Martin')
  for (const tab of [claire, secondTab]) await tab.expectState('Jeudi à 17 h 30', 'Lu')
  await claire.composer.pressSequentially('Et')
  await expect(fatima.pane.getByText('Claire écrit…')).toBeVisible()
  await expect(secondTab.pane.getByText('écrit…')).toBeHidden()

  // An edit appears in the other tab.
  await claire.composer.fill('')
  await claire.act('Jeudi à 17 h 30', 'Modifier')
  await claire.pane.getByRole('textbox', { name: 'Modification du message' }).fill('Vendredi à 17 h, plutôt ?')
  await claire.pane.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(secondTab.message('Vendredi à 17 h, plutôt ?')).toBeVisible()
})
