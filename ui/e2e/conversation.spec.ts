import { expect, test } from './test'

test('a teacher finds a parent without typing accents, and the message arrives at once', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const elodie = await enter('elodie.garcon')

  await claire.search.fill('elodie')
  await claire.contacts.getByRole('button', { name: 'Élodie Garçon' }).click()
  await expect(claire.pane).toHaveAccessibleName('Conversation avec Élodie Garçon')
  await expect(claire.pane).toContainText('Aucun message. Dites bonjour !')
  await claire.write('Bonjour madame, Hugo a oublié sa trousse en salle 204.')
  await expect(claire.message('sa trousse')).toBeVisible()
  await expect(claire.composer).toHaveValue('')

  await expect(elodie.list.getByRole('button').first()).toContainText(/Claire Martin.*sa trousse/s)
  await elodie.open('Claire Martin')
  await elodie.write('Merci, il passera la chercher !')
  await expect(claire.message('il passera la chercher')).toBeVisible()
  await expect(claire.message(/trousse|chercher/)).toHaveText([/sa trousse/, /la chercher/])
})

test('a colleague is found by “jero” among the existing conversations', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.search.fill('jero')
  await expect(claire.contacts.getByRole('button', { name: 'Jérôme Lefèvre' })).toBeVisible()
  await claire.open('Jérôme Lefèvre')
  await expect(claire.message('j\'apporte les croissants')).toBeVisible()
  await claire.showList()
  await expect(claire.search).toHaveValue('')
})

test('typing is shown until the person sends or clears the field', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  const typing = jerome.pane.getByText('Claire écrit…')
  const soon = { timeout: 4_000 } // before the server's own timeout

  await claire.composer.pressSequentially('Je me demande')
  await expect(typing).toBeVisible()
  await claire.composer.fill('')
  await expect(typing).toBeHidden(soon)

  await claire.composer.pressSequentially('Je voulais dire')
  await expect(typing).toBeVisible()
  await claire.write('Je voulais dire merci.')
  await expect(jerome.message('Je voulais dire merci.')).toBeVisible()
  await expect(typing).toBeHidden(soon)
})

test('typing is shown in the list as well', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.pressSequentially('Je me demande')
  await expect(jerome.line('Claire Martin')).toContainText('Claire écrit…')
})

test('a message is sent, then delivered, then read', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('On se voit à la récréation ?')
  await claire.expectState('à la récréation', 'Envoyé')

  const jerome = await enter('jerome.lefevre')
  await claire.expectState('à la récréation', 'Distribué')

  await jerome.open('Claire Martin')
  await claire.expectState('à la récréation', 'Lu')
})

test('messages in other conversations are counted in the list and in the title until they are read', async ({ enter }) => {
  const jerome = await enter('jerome.lefevre')
  await jerome.open('Élodie Garçon')
  await jerome.showList()
  await expect(jerome.page).toHaveTitle('Messages')

  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Une première chose.')
  await claire.write('Et une deuxième.')

  await expect(jerome.line('Claire Martin')).toContainText('2 messages non lus')
  await expect(jerome.page).toHaveTitle('(2) Messages')
  await expect(jerome.list.getByRole('button').first()).toContainText('Et une deuxième.')

  await jerome.open('Claire Martin')
  await expect(jerome.page).toHaveTitle('Messages')
  await jerome.showList()
  await expect(jerome.line('Claire Martin')).not.toContainText('non lu')
})

test('a reply, an edit and a deletion are visible to the other person', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.write('Rendez-vous en sale 204.')

  await expect(jerome.message('sale 204')).toBeVisible()
  await jerome.act('sale 204', 'Répondre')
  await expect(jerome.pane.getByText('Réponse à Claire Martin', { exact: true })).toBeVisible()
  await jerome.write('Elle est propre !')
  await expect(claire.message('Elle est propre !').getByRole('blockquote')).toContainText('sale 204')

  await claire.act('Vous : Rendez-vous en sale 204.', 'Modifier')
  await claire.pane.getByRole('textbox', { name: 'Modification du message' }).fill('Rendez-vous en salle 204.')
  await claire.pane.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(jerome.message(/Claire Martin\s: Rendez-vous en salle 204\..*modifié/s)).toBeVisible()

  await claire.act('Vous : Rendez-vous en salle 204.', 'Supprimer')
  await claire.page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click()
  await expect(jerome.message('Message supprimé').first()).toBeVisible()
  await expect(jerome.message('salle 204')).toHaveCount(0)
})
