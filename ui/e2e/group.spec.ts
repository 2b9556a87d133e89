import { expect, test } from './test'

test('a group of three: created by the “+”, named, and every message arrives at both others', async ({ enter, isMobile }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  const francoise = await enter('francoise.nunez')

  await claire.page.getByRole('button', { name: 'Nouvelle conversation' }).click()
  const dialog = claire.page.getByRole('dialog', { name: 'Nouvelle conversation' })
  const field = dialog.getByRole('combobox', { name: 'Destinataires' })
  await expect(dialog.getByRole('button', { name: 'Démarrer la conversation' })).toBeDisabled()
  for (const [typed, name] of [['jero', 'Jérôme Lefèvre'], ['nunez', 'Françoise Núñez']] as const) {
    await field.fill(typed)
    await dialog.getByRole('option', { name }).click()
    await expect(dialog.getByRole('button', { name: `Retirer ${name}` })).toBeVisible()
    await expect(field).toHaveValue('')
  }
  await field.fill('le')
  await expect(dialog.getByRole('option').first()).toBeVisible()
  const create = dialog.getByRole('button', { name: 'Créer le groupe' })
  if (isMobile) await claire.page.setViewportSize({ width: 375, height: 480 }) // as with the keyboard open
  await expect(create).toBeInViewport({ ratio: 1 })
  await dialog.getByRole('textbox', { name: 'Nom du groupe (facultatif)' }).fill('Voyage à Séville')
  await create.click()
  await expect(dialog).toBeHidden()
  await expect(claire.page.getByRole('heading', { name: 'Voyage à Séville' })).toBeVisible()
  await expect(claire.pane).toContainText('3 personnes · Jérôme Lefèvre, Françoise Núñez')

  await claire.write('Qui vient avec nous ?')
  for (const person of [jerome, francoise]) {
    await expect(person.list.getByRole('button').first()).toContainText(/Voyage à Séville.*Claire\s: Qui vient avec nous\s\?/s)
  }
  await claire.expectState('Qui vient', 'Distribué')

  await jerome.open('Voyage à Séville')
  await jerome.composer.pressSequentially('Moi')
  await expect(claire.pane.getByText('Jérôme écrit…')).toBeVisible()
  await jerome.write('Moi, bien sûr.')
  await expect(claire.message(/Jérôme Lefèvre.*Moi, bien sûr\./s)).toBeVisible()
  await claire.expectState('Qui vient', 'Distribué')

  await francoise.open('Voyage à Séville')
  await claire.expectState('Qui vient', 'Lu')
  await expect(francoise.message('Moi, bien sûr.')).toBeVisible()
})
