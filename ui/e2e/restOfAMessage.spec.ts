import { Api } from './api'
import type { Person } from './person'
import { expect, test } from './test'

const team = '5e B – équipe pédagogique'

/** Finds an emoji by a word, and takes it. */
async function chooseEmoji(person: Person, query: string, name: string): Promise<void> {
  const picker = person.page.getByRole('dialog', { name: 'Émojis' })
  await picker.getByRole('searchbox', { name: 'Rechercher un émoji' }).fill(query)
  await picker.getByRole('gridcell', { name, exact: true }).click()
  await expect(picker).toBeHidden()
}

test('an emoji is found without accents, inserted, and offered again; one reacts with any of them', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.composer.fill('On y va ')
  await claire.press('Insérer un émoji')
  await chooseEmoji(claire, 'fusee', 'fusée')
  await expect(claire.composer).toHaveValue('On y va 🚀')
  await claire.sendButton.click()
  await claire.expectState('On y va 🚀', /Envoyé|Distribué|Lu/)

  await claire.press('Insérer un émoji')
  const recent = claire.page.getByRole('group', { name: 'Récents' })
  await expect(recent.getByRole('button', { name: 'fusée' })).toBeVisible()
  await claire.page.keyboard.press('Escape')
  await expect(recent).toBeHidden()

  await jerome.act('On y va', 'Autre réaction')
  await chooseEmoji(jerome, 'ballon de foot', 'ballon de football')
  await expect(claire.pane.getByRole('button', { name: '⚽ Jérôme Lefèvre' })).toBeVisible()
})

test('the keys choose an emoji, in the skin tone that was chosen', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.press('Insérer un émoji')
  const picker = claire.page.getByRole('dialog', { name: 'Émojis' })
  await picker.getByRole('button', { name: 'Peau mate' }).click()
  await picker.getByRole('searchbox').fill('pouce vers le')
  await expect(picker.getByRole('gridcell', { name: 'pouce vers le haut' })).toHaveText('👍🏾')
  await expect(async () => {
    await picker.getByRole('searchbox').press('ArrowRight')
    await expect(picker.getByRole('gridcell', { name: 'pouce vers le bas' })).toHaveAttribute('aria-selected', 'true', { timeout: 500 })
  }).toPass()
  await picker.getByRole('searchbox').press('Enter')
  await expect(claire.composer).toHaveValue('👎🏾')
  await expect(claire.composer).toBeFocused()
})

test('a group tells who renamed it and who was added, in its place, after a reload as well', async ({ enter, school }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open(team)
  await jerome.open(team)
  await claire.write('Avant le changement')
  await claire.expectState('Avant le changement', /Envoyé|Distribué|Lu/)
  await (await Api.asPerson(school.url, 'claire.martin')).rename(claire.conversationId, '5e B – conseil')
  const line = 'Claire Martin a renommé le groupe : « 5e B – conseil »'
  await expect(jerome.pane.getByText(line)).toBeInViewport()
  await expect(claire.pane.getByText('Vous avez renommé le groupe : « 5e B – conseil »')).toBeInViewport()
  await claire.write('Après le changement')
  await expect(jerome.message('Après le changement')).toBeVisible()
  await jerome.page.reload()
  await expect(jerome.message('Après le changement')).toBeVisible()
  await expect.poll(() => jerome.texts(/Avant le changement|a renommé le groupe|Après le changement/)).toEqual(['Avant le changement', 'a renommé le groupe', 'Après le changement'])
})

test('a press on the number of readers says who has read a message, and when', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open(team)
  await claire.write('Qui peut surveiller la cour ?')
  await claire.expectState('Qui peut surveiller', /Envoyé|Distribué|Lu/)
  await jerome.open(team)
  await expect(jerome.message('Qui peut surveiller')).toBeInViewport()
  await claire.message('Qui peut surveiller').getByRole('button', { name: /^Lu par 1 sur/ }).click()
  const dialog = claire.page.getByRole('dialog', { name: 'Qui a lu ce message ?' })
  await expect(dialog.getByRole('list', { name: 'Lu (1)' })).toHaveText(/Jérôme Lefèvre.*\d\d:\d\d/)
  await expect(dialog.getByRole('list', { name: /^Pas encore distribué/ })).toContainText('Karim Haddad')
})

test('a press on “modifié” shows what a message said; on a phone its text can be selected', async ({ enter, school, isMobile }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const api = await Api.asPerson(school.url, 'claire.martin')
  const { id } = await api.send(claire.conversationId, 'Rendez-vous à 7 h.')
  await api.edit(claire.conversationId, id, 'Rendez-vous à 8 h.')
  await claire.message('Rendez-vous à 8 h.').getByRole('button', { name: 'modifié' }).click()
  const versions = claire.page.getByRole('list', { name: 'Versions précédentes' }).getByRole('listitem')
  await expect(versions).toHaveText([/Rendez-vous à 7 h\.$/, /Rendez-vous à 8 h\.$/])
  await claire.press('Fermer')
  if (!isMobile) return
  await claire.act('Rendez-vous à 8 h.', 'Sélectionner le texte')
  const dialog = claire.page.getByRole('dialog', { name: 'Sélectionner le texte' })
  await expect(dialog.getByText('Rendez-vous à 8 h.')).toHaveCSS('user-select', 'text')
  await expect(dialog.getByRole('button', { name: 'Copier la sélection' })).toBeVisible()
})

test('results of a search stay true when their messages are edited and deleted', async ({ enter, school }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  const api = await Api.asPerson(school.url, 'claire.martin')
  const edited = await api.send(claire.conversationId, 'Le zygomatique du clown')
  const deleted = await api.send(claire.conversationId, 'Un autre zygomatique')
  const results = jerome.page.getByRole('region', { name: jerome.words.find.messages, exact: true }).locator('[data-found]')
  await expect(async () => {
    await jerome.search.fill('')
    await jerome.search.fill('zygomatique')
    await expect(results).toHaveCount(2, { timeout: 3_000 })
  }).toPass()
  await api.delete(claire.conversationId, deleted.id)
  await expect(results).toHaveCount(1)
  await api.edit(claire.conversationId, edited.id, 'Le sourire du clown')
  await expect(results).toHaveCount(0)
})
