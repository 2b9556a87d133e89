import { Api } from './api'
import { emailOf, password } from './school'
import { expect, test } from './test'

/** Creates more families of the college than a list names. */
async function families(url: string, count: number): Promise<number[]> {
  const administrator = await Api.asSuperuser(url)
  // No child of theirs is in a class.
  await administrator.openContacts()
  const ids: number[] = []
  for (let number = 1; number <= count; number += 1) {
    const { id } = await administrator.create('users', {
      email: emailOf(`famille${number}`), password, passwordConfirm: password, verified: true,
      first_name: 'Famille', last_name: `Numéro-${String(number).padStart(2, '0')}`, role: 'parent', establishments: ['0000000000000001'],
    })
    ids.push(Number(id))
  }
  return ids
}

test('a group with more people than a list names: all are loaded, searched and counted', { tag: '@desktop' }, async ({ school, enter }) => {
  const fatima = 2
  const ids = await families(school.url, 60)
  const claire = await enter('claire.martin')
  await (await Api.asPerson(school.url, 'claire.martin')).converse([fatima, ...ids], { title: 'Toutes les familles' })

  await claire.open('Toutes les familles')
  await expect(claire.pane).toContainText('62 personnes')
  await claire.write('Bonne rentrée à toutes et à tous !')
  await expect(claire.message('Bonne rentrée')).toContainText('Lu par 0 sur 61')

  // Somebody whom none of Claire's lists has named yet.
  const last = await Api.asPerson(school.url, 'famille60')
  const { conversationId } = claire
  await last.markAsRead(conversationId)
  await expect(claire.message('Bonne rentrée')).toContainText('Lu par 1 sur 61')
  await last.send(conversationId, 'Merci, à vous aussi.')
  await expect(claire.message(/Famille Numéro-60.*Merci, à vous aussi/s)).toBeVisible()

  await claire.page.getByRole('button', { name: 'Détails de la conversation' }).click()
  const details = claire.page.getByRole('dialog', { name: 'Détails de la conversation' })
  await expect(details.getByRole('heading', { name: 'Participants · 62' })).toBeVisible()
  const members = details.getByRole('list', { name: 'Participants' }).getByRole('listitem')
  await expect(members).toHaveCount(62)
  await details.getByRole('searchbox', { name: 'Rechercher un participant' }).fill('numero-4')
  await expect(members).toHaveCount(10)
  await expect(details.getByText('10 résultats')).toBeVisible()
  await details.getByRole('searchbox').fill('benali')
  await expect(members).toHaveText(/Fatima Benali/)
  await details.getByRole('button', { name: 'Retirer Fatima Benali du groupe' }).click()
  await claire.page.getByRole('dialog', { name: 'Retirer Fatima Benali ?' }).getByRole('button', { name: 'Retirer' }).click()
  await expect(details.getByRole('heading', { name: 'Participants · 61' })).toBeVisible()
  await expect(members).toHaveCount(0)
})

test('a group that its creator has left is managed by somebody else, who doesn’t put them back', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(/status of 403/)
  const [yasmine, fatima] = [27, 2]
  await (await Api.asSuperuser(school.url)).openContacts()
  const zoe = await enter('zoe.marchand')
  const heir = await enter('fatima.benali')
  await (await Api.asPerson(school.url, 'zoe.marchand')).converse([yasmine, fatima], { title: 'Exposé' })
  await heir.open('Exposé')
  const openDetails = async (person: typeof zoe) => {
    await person.page.getByRole('button', { name: 'Détails de la conversation' }).click()
    return person.page.getByRole('dialog', { name: 'Détails de la conversation' })
  }
  const details = await openDetails(heir)
  await expect(details).toContainText('Groupe géré par Zoë Marchand')
  await expect(details.getByRole('button', { name: 'Ajouter des personnes' })).toHaveCount(0)

  await zoe.open('Exposé')
  const own = await openDetails(zoe)
  await own.getByRole('button', { name: 'Quitter le groupe' }).click()
  await zoe.page.getByRole('dialog', { name: 'Quitter ce groupe ?' }).getByRole('button', { name: 'Quitter' }).click()
  await expect(zoe.line('Exposé')).toHaveCount(0)

  // She has been in it the longest, and is shown this at once.
  await expect(details).toContainText('Vous gérez ce groupe')
  await details.getByRole('button', { name: 'Ajouter des personnes' }).click()
  await details.getByRole('combobox', { name: 'Ajouter des personnes' }).fill('zoe')
  await details.getByRole('option', { name: 'Zoë Marchand' }).click()
  await details.getByRole('button', { name: 'Ajouter', exact: true }).click()
  await expect(details.getByRole('alert')).toHaveText(/Zoë Marchand a quitté ce groupe/)
  await expect(zoe.line('Exposé')).toHaveCount(0)
})
