import { expect, test } from './test'

test('a parent reacts, the teacher sees it at once and agrees, and it is there after a reload', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await claire.write('La sortie est confirmée.')
  await jerome.open('Claire Martin')
  await jerome.act('La sortie est confirmée', 'Réagir : cœur rouge')
  const heart = claire.pane.getByRole('button', { name: '❤️ Jérôme Lefèvre' })
  await expect(heart).toHaveText(/❤️\s*1/)
  await heart.click()
  await expect(jerome.pane.getByRole('button', { name: '❤️ Vous et Claire Martin' })).toHaveText(/❤️\s*2/)

  await claire.page.reload()
  const both = claire.pane.getByRole('button', { name: '❤️ Vous et Jérôme Lefèvre' })
  await expect(both).toHaveAttribute('aria-pressed', 'true')
  await both.click()
  await expect(jerome.pane.getByRole('button', { name: '❤️ Vous', exact: true })).toBeVisible()
})
