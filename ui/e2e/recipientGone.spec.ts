import { Api } from './api'
import { emailOf } from './school'
import { expect, test } from './test'

test('a conversation whose other person was deleted says so, keeps the draft and can’t be written to', { tag: '@desktop' }, async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Je voulais vous dire')
  const administrator = await Api.asSuperuser(school.url)
  await administrator.remove('users', (await administrator.find('users', `email = "${emailOf('jerome.lefevre')}"`)).id)
  await expect(claire.pane.getByText('Cette personne a quitté l’établissement : on ne peut plus lui écrire.')).toBeVisible()
  await expect(claire.composer).toHaveCount(0)
  await expect(claire.pane.getByRole('list', { name: 'Textes non envoyés' })).toContainText('Je voulais vous dire')
  await expect(claire.message('croissants')).toBeVisible()
})
