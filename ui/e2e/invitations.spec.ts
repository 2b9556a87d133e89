import { Api } from './api'
import { phone } from './browser'
import { MailServer, withoutQuoting } from './mailServer'
import { expect, test } from './test'

const ownPassword = 'un mot bien à moi'

test('without a mail server, invitations are explained and not offered', { tag: '@desktop' }, async ({ enter }) => {
  const hélène = await enter('helene.vasseur')
  await hélène.page.goto('/admin/letters')
  const choice = hélène.page.getByRole('radio', { name: /^Invitations par courriel/ })
  await expect(choice).toBeDisabled()
  await expect(hélène.page.getByText(/^Cette messagerie n’envoie pas encore de courriels/)).toBeVisible()
})

test('a mother is invited by mail, comes on her phone, and isn’t invited twice', { tag: '@desktop' }, async ({ school, enter, visit }) => {
  const mailServer = await MailServer.start()
  const administrator = await Api.asSuperuser(school.url)
  await administrator.changeSettings({
    smtp: { enabled: true, host: '127.0.0.1', port: mailServer.port },
    meta: { senderAddress: 'messagerie@demo.example', appURL: school.url },
  })
  await administrator.create('users', {
    first_name: 'Salomé', last_name: 'Quéméneur', role: 'parent', email: 'salome@famille.example', establishments: ['0000000000000001'],
    password: ownPassword + ' !', passwordConfirm: ownPassword + ' !',
  })
  const hélène = await enter('helene.vasseur')
  await hélène.page.goto('/admin/letters')
  await hélène.page.getByRole('radio', { name: /^Invitations par courriel/ }).check()
  await hélène.page.getByRole('radio', { name: 'Des personnes choisies' }).check()
  await hélène.page.getByRole('searchbox', { name: 'Rechercher une personne' }).fill('quemeneur')
  await hélène.press('Ajouter Salomé Quéméneur')
  await hélène.press('Inviter 1 personne…')
  await hélène.press('Envoyer les courriels')
  await expect(hélène.page.getByRole('status').filter({ hasText: '1 invitation a été préparée.' })).toBeVisible()

  const mail = await mailServer.next()
  expect(mail.to).toBe('salome@famille.example')
  const text = withoutQuoting(mail.text)
  const link = /http\S+\/welcome#\S+/.exec(text)?.[0] ?? ''
  await expect(hélène.page.getByText('invitées, pas encore venues')).toBeVisible()

  const salomé = await visit(link.replace(school.url, ''), phone)
  await expect(salomé.page).toHaveURL(/\/welcome$/)
  await salomé.page.getByLabel('Votre mot de passe').fill(ownPassword)
  await salomé.press('Ouvrir la messagerie')
  await salomé.untilConnected()

  await hélène.page.reload()
  await hélène.page.getByRole('radio', { name: /^Invitations par courriel/ }).check()
  await hélène.page.getByRole('radio', { name: 'Des personnes choisies' }).check()
  await hélène.page.getByRole('searchbox', { name: 'Rechercher une personne' }).fill('quemeneur')
  await hélène.press('Ajouter Salomé Quéméneur')
  await expect(hélène.page.getByText('déjà venues')).toBeVisible()
  await expect(hélène.page.getByRole('button', { name: /^Inviter/ })).toHaveCount(0)
  mailServer.stop()
})
