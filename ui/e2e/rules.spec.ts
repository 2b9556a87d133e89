import type { Locator } from '@playwright/test'
import { Api } from './api'
import type { Person } from './person'
import { expect, test } from './test'

const college = 1

test('a pupil is told why they can’t write, and once a rule allows it the draft is in the field again', { tag: '@desktop' }, async ({ school, enter }) => {
  const administration = await Api.asPerson(school.url, 'helene.vasseur')
  const pupilsToTeachers = (rule: string) => administration.changeRules(college, { contact_rules: [{ from_role: 'student', to_role: 'teacher', rule }] })
  const zoe = await enter('zoe.marchand')
  await zoe.open('Claire Martin')
  await zoe.composer.fill('Madame, est-ce que je peux')

  await pupilsToTeachers('supervised')
  await expect(zoe.pane.getByText(/^Les règles de l’établissement ne permettent pas d’écrire ici\..* Votre brouillon est conservé\.$/)).toBeVisible()
  await expect(zoe.composer).toHaveCount(0)
  await expect(zoe.pane.getByRole('list', { name: 'Textes non envoyés' })).toContainText('Madame, est-ce que je peux')
  await expect(zoe.message('tu passeras après Hugo')).toBeVisible()

  await pupilsToTeachers('reply')
  await expect(zoe.composer).toHaveValue('Madame, est-ce que je peux')
  await zoe.write('Madame, est-ce que je peux passer en premier ?')
  await zoe.expectState('passer en premier', 'Envoyé')
})

test('a pause of the pupils closes their conversations and says why, until it is lifted', { tag: '@desktop' }, async ({ school, enter }) => {
  const administration = await Api.asPerson(school.url, 'helene.vasseur')
  const zoe = await enter('zoe.marchand')
  const claire = await enter('claire.martin')
  await zoe.open('Claire Martin')
  await claire.open('Zoë Marchand')
  await zoe.composer.fill('Madame, je')
  const banner = zoe.page.getByRole('region', { name: 'Envoi de messages suspendu' })

  const { id } = await administration.pause(college, ['student'], 'Épreuves du brevet blanc.')
  await expect(banner).toContainText('Épreuves du brevet blanc.')
  await expect(zoe.composer).toHaveCount(0)
  await expect(zoe.pane.getByRole('list', { name: 'Textes non envoyés' })).toContainText('Madame, je')
  await claire.write('Bon courage !')
  await expect(zoe.message('Bon courage !')).toBeVisible()
  await expect(claire.page.getByRole('region', { name: 'Envoi de messages suspendu' })).toHaveCount(0)

  await administration.liftPause(college, id)
  await expect(banner).toHaveCount(0)
  await expect(zoe.composer).toHaveValue('Madame, je')
  await zoe.write('C’est fini, ouf !')
  await expect(claire.message('C’est fini, ouf !')).toBeVisible()
})

test('in quiet hours a message says when it will be delivered, can be edited and deleted, and arrives when they are turned off', { tag: '@desktop' }, async ({ school, enter }) => {
  const administration = await Api.asPerson(school.url, 'helene.vasseur')
  await administration.addClosure(college, { name: 'Vacances', first_day: dayIn(-1), last_day: dayIn(7) })
  const claire = await enter('claire.martin')
  const fatima = await enter('fatima.benali')
  await claire.open('Fatima Benali')
  await fatima.open('Claire Martin')
  const note = claire.pane.getByText(/^Sera remis .*, à la fin des heures de calme\.$/)
  await expect(note).toHaveCount(0)

  await administration.changeRules(college, { quiet: 'defer' })
  await expect(note).toBeVisible()
  for (const text of ['Jeudi à 17 h vous irait ?', 'Une chose de trop']) await claire.write(text)
  for (const text of ['Jeudi à 17 h', 'Une chose de trop']) await expect(scheduled(claire, text)).toContainText(/Sera remis .*, à la fin des heures de calme/)

  await scheduled(claire, 'Jeudi à 17 h').getByRole('button', { name: 'Modifier' }).click()
  const editing = claire.page.getByRole('dialog', { name: 'Modifier le message programmé' })
  await editing.getByRole('textbox', { name: 'Message' }).fill('Jeudi à 18 h vous irait ?')
  await editing.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(scheduled(claire, 'Jeudi à 18 h')).toBeVisible()
  await scheduled(claire, 'Une chose de trop').getByRole('button', { name: 'Supprimer' }).click()
  await claire.page.getByRole('dialog', { name: 'Supprimer ce message programmé ?' }).getByRole('button', { name: 'Supprimer' }).click()
  await expect(claire.message('Une chose de trop')).toHaveCount(0)
  await expect(fatima.message('vous irait')).toHaveCount(0)

  await administration.changeRules(college, { quiet: 'off' })
  await expect(fatima.message('Jeudi à 18 h vous irait ?')).toBeVisible()
  await claire.expectState('Jeudi à 18 h', /^(Distribué|Lu)$/)
  for (const person of [claire, fatima]) await expect(person.message(/vous irait|de trop/)).toHaveCount(1)
  await expect(note).toHaveCount(0)
})

test('a message to be sent later is listed, and is sent at once when its author wants it', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.composer.fill('Le sujet commun est prêt.')
  await claire.press('Envoyer plus tard')
  await claire.page.getByRole('menuitem', { name: 'Choisir une date et une heure…' }).click()
  await claire.press('Programmer l’envoi')
  await expect(claire.composer).toHaveValue('')
  await expect(scheduled(claire, 'Le sujet commun')).toContainText('Sera envoyé')

  await claire.press('1 message programmé')
  const list = claire.page.getByRole('dialog', { name: 'Messages programmés' })
  await expect(list.getByRole('listitem')).toHaveText(/Jérôme Lefèvre.*Le sujet commun est prêt\..*Sera envoyé/s)
  await expect(jerome.message('Le sujet commun')).toHaveCount(0)
  await list.getByRole('button', { name: 'Envoyer maintenant' }).click()
  await expect(jerome.message('Le sujet commun est prêt.')).toBeVisible()
  await expect(list.getByText('Aucun message programmé.')).toBeVisible()
  await claire.page.keyboard.press('Escape')
  await claire.expectState('Le sujet commun', /^(Distribué|Lu)$/)
  await expect(claire.message('Le sujet commun')).toHaveCount(1)
})

/** A message of one's own that isn't delivered yet, at the end of its conversation. */
function scheduled(person: Person, text: string): Locator {
  return person.message(text).locator('.scheduled')
}

/** A day such as 2026-12-19. */
function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
