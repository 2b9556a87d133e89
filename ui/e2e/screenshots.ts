import path from 'node:path'
import { Api } from './api'
import type { Person } from './person'
import { connectionErrors, expect, test } from './test'

/** Where they go; git ignores it. */
const folder = path.resolve(import.meta.dirname, '../test-results/screens')

test('login', async ({ visit, tolerate }) => {
  tolerate(/status of 400/)
  const visitor = await visit()
  await picture(visitor, 'login')
  await visitor.tryLogIn('claire.martin', 'pas le bon')
  await expect(visitor.page.getByRole('alert')).toBeVisible()
  await picture(visitor, 'login-wrong')
})

test('list and account', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await picture(claire, 'list')
  await claire.search.fill('gar')
  await expect(claire.contacts.getByRole('button').first()).toBeVisible()
  await picture(claire, 'list-search')
  await claire.search.fill('')
  await claire.page.getByRole('button', { name: 'Mon compte' }).click()
  await picture(claire, 'account')
})

test('conversation', async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  const fatima = await enter('fatima.benali')
  await fatima.open('Claire Martin')
  await claire.open('Fatima Benali')
  await claire.write('Bonjour madame, jeudi à 17 h 30 vous conviendrait-il ? Nous pourrions regarder ensemble la présentation de l’option : https://example.org/options/latin')
  await claire.expectState('jeudi à 17 h 30', 'Lu')
  await fatima.write('Jeudi, c’est parfait. Merci beaucoup !')
  await expect(claire.message('c’est parfait')).toBeVisible()
  await fatima.page.close()
  await claire.write('À jeudi, alors.')
  await claire.expectState('À jeudi', 'Envoyé')
  await claire.composer.fill('Une dernière chose :\nYasmine peut venir aussi.')
  await picture(claire, 'conversation')
  await claire.message('À jeudi').hover()
  await claire.message('À jeudi').getByRole('button', { name: 'Actions sur le message' }).click()
  await picture(claire, 'message-menu')
  await claire.page.getByRole('menuitem', { name: 'Répondre' }).click()
  await picture(claire, 'reply')
  await claire.act('À jeudi', 'Supprimer')
  await picture(claire, 'delete')
  await claire.page.keyboard.press('Escape')

  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: 0 })
  })
  await (await Api.asPerson(school.url, 'fatima.benali')).send(claire.conversationId, 'Bonne soirée !')
  await picture(claire, 'conversation-above')
})

test('group', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('5e B – équipe pédagogique')
  await jerome.open('5e B – équipe pédagogique')
  await claire.write('Je leur dirai demain matin.')
  await claire.expectState('demain matin', 'Envoyé')
  await jerome.composer.pressSequentially('Très')
  await expect(claire.pane.getByText('Jérôme écrit…')).toBeVisible()
  await picture(claire, 'group')
})

test('new conversation', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.page.getByRole('button', { name: 'Nouvelle conversation' }).click()
  const dialog = claire.page.getByRole('dialog')
  await picture(claire, 'new-conversation')
  for (const typed of ['jero', 'nunez']) {
    await dialog.getByRole('combobox').fill(typed)
    await dialog.getByRole('option').first().click()
  }
  await dialog.getByRole('combobox').fill('le')
  await expect(dialog.getByRole('option').first()).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Nom du groupe' }).fill('Voyage à Séville')
  await picture(claire, 'new-group')
})

test('without a server', async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await school.crash()
  await expect(claire.connection).toContainText('Reconnexion dans')
  await claire.write('J’attends le retour du serveur.')
  await claire.expectState('J’attends', 'En attente')
  await picture(claire, 'reconnecting')
  await claire.showList()
  await picture(claire, 'reconnecting-list')
})

test('nothing yet', async ({ school, enter }) => {
  const administrator = await Api.asSuperuser(school.url)
  await administrator.create('users', {
    email: 'lucie.petit@demo.example',
    password: 'messagerie-demo',
    passwordConfirm: 'messagerie-demo',
    first_name: 'Lucie',
    last_name: 'Petit',
    role: 'teacher',
    establishments: ['0000000000000001'],
    verified: true,
  })
  const lucie = await enter('lucie.petit')
  await picture(lucie, 'empty')
  await lucie.page.goto('/c/1')
  await expect(lucie.page.getByText('Cette conversation n’existe pas')).toBeVisible()
  await picture(lucie, 'not-found')
})

async function picture({ page }: Person, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: path.join(folder, `${name}-${test.info().project.name}.png`), animations: 'disabled' })
}
