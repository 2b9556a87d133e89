import type { Locator } from '@playwright/test'
import { Api } from './api'
import type { Person } from './person'
import { expect, test } from './test'

const group = '5e B – équipe pédagogique'

test('a group is renamed, people are added and removed and leave, and everybody sees it', async ({ enter, tolerate }) => {
  tolerate(/status of 403/) // a client may be asking for what happened in a group when its person is removed from it
  const claire = await enter('claire.martin')
  const elodie = await enter('elodie.garcon')
  await claire.open(group)
  const details = await openDetails(claire)

  await details.getByRole('button', { name: 'Renommer le groupe' }).click()
  await details.getByRole('textbox', { name: 'Nom du groupe' }).fill('5e B – conseil de classe')
  await details.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(claire.page.locator('.pane-title')).toContainText('5e B – conseil de classe')

  const members = details.getByRole('list', { name: 'Participants' })
  await details.getByRole('button', { name: 'Ajouter des personnes' }).click()
  await details.getByRole('combobox', { name: 'Ajouter des personnes' }).fill('garcon')
  await details.getByRole('option', { name: 'Élodie Garçon' }).click()
  await details.getByRole('button', { name: 'Ajouter', exact: true }).click()
  await expect(members).toContainText('Élodie Garçon')
  await expect(elodie.line('5e B – conseil de classe')).toBeVisible()

  await details.getByRole('button', { name: 'Retirer Élodie Garçon du groupe' }).click()
  await claire.page.getByRole('dialog', { name: 'Retirer Élodie Garçon ?' }).getByRole('button', { name: 'Retirer' }).click()
  await expect(members).not.toContainText('Élodie Garçon')
  await expect(elodie.line('5e B – conseil de classe')).toHaveCount(0)

  await details.getByRole('button', { name: 'Quitter le groupe' }).click()
  const question = claire.page.getByRole('dialog', { name: 'Quitter ce groupe ?' })
  await expect(question.getByRole('button', { name: 'Annuler' })).toBeFocused()
  await question.getByRole('button', { name: 'Quitter' }).click()
  await expect(details).toBeHidden()
  await expect(claire.line('5e B – conseil de classe')).toHaveCount(0)
  await expect(claire.page).toHaveURL('/')
})

test('a muted conversation shows its unread count, but isn’t counted in the title', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  const details = await openDetails(claire)
  await details.getByRole('switch', { name: 'Couper les notifications' }).check()
  await expect(claire.line('Jérôme Lefèvre').or(claire.pane).getByText('Notifications coupées').first()).toBeAttached()
  await claire.page.keyboard.press('Escape')
  await expect(claire.page.getByRole('button', { name: 'Détails de la conversation' })).toBeFocused()
  await claire.page.goto('/')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('Notifications coupées')
  // It is counted once the list is loaded.
  await expect(claire.page).toHaveTitle(/^\(\d+\)/)
  const title = await claire.page.title()

  await jerome.open('Claire Martin')
  await jerome.write('Encore une chose.')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('1 message non lu')
  await expect(claire.page).toHaveTitle(title)
})

test('somebody who may not change a group sees why, without any buttons; once they may, all of them', { tag: '@desktop' }, async ({ school, enter }) => {
  const fatima = await enter('fatima.benali')
  await fatima.open('Sortie au musée')
  const details = await openDetails(fatima)
  const offered = ['Renommer le groupe', 'Ajouter des personnes', 'Retirer Claire Martin du groupe'].map((name) => details.getByRole('button', { name }))
  await expect(details).toContainText('Groupe géré par Claire Martin et par le personnel de l’établissement qui en fait partie.')
  await expect(details.getByRole('listitem').filter({ hasText: 'Claire Martin' })).toContainText('Gère le groupe')
  for (const button of offered) await expect(button).toHaveCount(0)
  await expect(details.getByRole('button', { name: 'Quitter le groupe' })).toBeVisible()

  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('users', 'email = "fatima.benali@demo.example"')
  await administrator.change('users', id, { role: 'staff' })
  for (const button of offered) await expect(button).toBeVisible()
  await expect(details).toContainText('dont vous')
})

test('somebody who is removed from a group while writing keeps their text', async ({ school, enter, tolerate }) => {
  tolerate(/status of 403/)
  const jerome = await enter('jerome.lefevre')
  await jerome.open(group)
  await jerome.composer.fill(`Je n’avais pas fini${'\nni presque fini'.repeat(60)}`)
  const record = (id: number) => String(id).padStart(16, '0')
  const administrator = await Api.asSuperuser(school.url)
  const { id: userId } = await administrator.find('users', 'email = "jerome.lefevre@demo.example"')
  const { id } = await administrator.find('participants', `conversation = "${record(jerome.conversationId)}" && user = "${userId}"`)
  await administrator.remove('participants', id)

  await expect(jerome.page.getByText('Vous n’avez plus accès à cette conversation.')).toBeVisible()
  const texts = jerome.page.getByRole('list', { name: 'Textes non envoyés' })
  await expect(texts).toContainText('Je n’avais pas fini')
  // All of it is visible, without scrolling inside its box.
  expect(await texts.evaluate((list) => list.scrollHeight - list.clientHeight)).toBe(0)
  await texts.getByText('Je n’avais pas fini').hover()
  await texts.getByRole('button', { name: 'Supprimer' }).click()
  await expect(texts).toBeHidden()
})

async function openDetails(person: Person): Promise<Locator> {
  await person.page.getByRole('button', { name: 'Détails de la conversation' }).click()
  const details = person.page.getByRole('dialog', { name: 'Détails de la conversation' })
  await expect(details).toBeVisible()
  return details
}
