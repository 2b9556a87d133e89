import { Api } from './api'
import { emailOf } from './school'
import { expect, test } from './test'

test('what an administrator changes in the dashboard shows at once', { tag: '@desktop' }, async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Un mot de trop')
  await jerome.open('Claire Martin')
  await expect(jerome.message('Un mot de trop')).toBeVisible()
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('messages', 'content = "Un mot de trop"')

  await administrator.change('messages', id, { content: 'Un mot corrigé' })
  for (const person of [claire, jerome]) {
    await expect(person.message(/Un mot corrigé.*modifié par l’administration/s)).toBeVisible()
    await expect(person.message('Un mot de trop')).toHaveCount(0)
  }

  await administrator.change('messages', id, { deleted: true })
  for (const person of [claire, jerome]) await expect(person.message('Message supprimé par l’administration')).toBeVisible()

  await administrator.remove('messages', id)
  await claire.page.reload()
  await expect(claire.scroller).toBeVisible()
  await expect(claire.message('par l’administration')).toHaveCount(0)

  const user = await administrator.find('users', `email = "${emailOf('claire.martin')}"`)
  await administrator.change('users', user.id, { last_name: 'Martin-Duval' })
  await expect(jerome.page.getByRole('heading', { name: 'Claire Martin-Duval' })).toBeVisible()
  await jerome.showList()
  await expect(jerome.line('Claire Martin-Duval')).toBeVisible()
})

test('a message that an administrator stores arrives like any other', { tag: '@desktop' }, async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  const administrator = await Api.asSuperuser(school.url)
  const group = await administrator.find('conversations', 'title = "Sortie au musée"')
  const author = await administrator.find('users', `email = "${emailOf('laetitia.coeur')}"`)
  await administrator.create('messages', { conversation: group.id, sender: author.id, content: 'Le car part à 8 h 40.' })
  await expect(claire.list.getByRole('button').first()).toContainText(/Sortie au musée.*Lætitia\s: Le car part à 8 h 40\./s)
})

test('a group disappears for somebody who is removed, and appears for somebody who is added', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(/status of 403/) // the client checks whether it still has access
  const nguyen = await enter('jb.nguyen')
  await nguyen.open('5e B – équipe pédagogique')
  const administrator = await Api.asSuperuser(school.url)
  const group = await administrator.find('conversations', 'title = "5e B – équipe pédagogique"')
  const user = await administrator.find('users', `email = "${emailOf('jb.nguyen')}"`)
  const place = await administrator.find('participants', `conversation = "${group.id}" && user = "${user.id}"`)

  await administrator.remove('participants', place.id)
  await expect(nguyen.page.getByText('Cette conversation n’existe pas, ou n’est pas la vôtre.')).toBeVisible()
  await expect(nguyen.line('5e B')).toHaveCount(0)

  await administrator.create('participants', { conversation: group.id, user: user.id })
  await expect(nguyen.composer).toBeVisible()
  await expect(nguyen.message('On pourrait le leur dire')).toBeVisible()
})
