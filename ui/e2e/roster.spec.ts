import { Api } from './api'
import { phone } from './browser'
import type { Person } from './person'
import { drop, printedPages, type RosterFile, windows1252 } from './roster'
import { expect, test } from './test'

const ownPassword = 'un mot bien à moi'
const collège = 1

/** Two students of a new class, and their father. */
const family = windows1252('3e C – élèves.csv', [
  'Profil;Nom;Prénom;Date de naissance;Classe;Lien;Nom enfant;Prénom enfant;Nom enfant;Prénom enfant',
  'Élève;LEBŒUF;Noémie;21/03/2012;3e C;;;;;',
  'Élève;LEBŒUF;Jules;02/09/2012;3e C;;;;;',
  'Parent;LEBŒUF;Rémi;;;Père;LEBŒUF;Noémie;LEBŒUF;Jules',
])

test('a class is imported, gets its letters, and its people are found by their class and children', { tag: '@desktop' }, async ({ enter, visit }) => {
  const hélène = await enter('helene.vasseur')
  await hélène.press('Mon compte')
  await hélène.press('Gestion de l’établissement')
  await read(hélène, family)
  await expect(hélène.page.getByText('3 nouvelles personnes.', { exact: true })).toBeVisible()
  await expect(hélène.page.getByRole('region', { name: 'Ce que contiennent les fichiers' })).toContainText(/Tableau.*windows-1252/is)
  await hélène.press('3 nouvelles personnes')
  await expect(hélène.page.getByRole('dialog').getByRole('listitem').filter({ hasText: /Lebœuf/ })).toHaveCount(3)
  await hélène.page.keyboard.press('Escape')
  await apply(hélène)

  await hélène.page.getByRole('link', { name: 'Préparer les lettres d’accès' }).click()
  const letters = await prepareLetters(hélène, '3e C (2 élèves)')
  await expect(letters).toHaveCount(3)
  const letter = hélène.page.getByRole('article', { name: 'Rémi Lebœuf' })
  await expect(letter).toContainText('Père de Jules et Noémie Lebœuf')
  // A headless browser has no dialog for printing.
  await hélène.page.evaluate(() => {
    window.print = () => window.dispatchEvent(new Event('afterprint'))
  })
  await hélène.press('Imprimer')
  expect(await printedPages(hélène.page)).toBe(3)
  await hélène.page.emulateMedia({ media: 'print' })
  await expect(letter).toBeVisible()
  await expect(hélène.page.getByRole('button')).toHaveCount(0)
  await hélène.page.emulateMedia({ media: 'screen' })

  const [username = '', code = ''] = await letter.locator('dd').allInnerTexts()
  const rémi = await visit(`/welcome#u=${username}&c=${encodeURIComponent(code)}`, phone)
  await expect(rémi.page).toHaveURL(/\/welcome$/)
  await rémi.page.getByLabel('Votre mot de passe').fill(ownPassword)
  await rémi.press('Ouvrir la messagerie')
  await rémi.untilConnected()

  // A teacher would reach only the families of their own classes.
  const laetitia = await enter('laetitia.coeur')
  await laetitia.search.fill('lebœuf rémi')
  const found = laetitia.contacts.getByRole('button', { name: /^Rémi Lebœuf/ })
  await expect(found).toContainText(/Père de .*Lebœuf.*3e.C/)
  await found.click()
  await laetitia.write('Bienvenue !')
  await rémi.open('Lætitia Cœur')
  await expect(rémi.message('Bienvenue !')).toBeVisible()

  await laetitia.press('Nouvelle conversation')
  const directory = laetitia.page.getByRole('region', { name: 'Annuaire' })
  await directory.getByRole('button', { name: /^3e C/ }).click()
  await directory.getByRole('button', { name: /^Élèves/ }).click()
  await expect(directory.getByRole('checkbox')).toHaveCount(2)
})

test('the same file again changes nothing, and the import is undone', { tag: '@desktop' }, async ({ enter }) => {
  const hélène = await enter('helene.vasseur')
  await hélène.page.goto('/admin/import')
  await read(hélène, family)
  await apply(hélène)
  const applied = hélène.page.url()

  await hélène.press('Nouvelle importation')
  await read(hélène, family)
  await expect(hélène.page.getByText('Rien à changer : les personnes de l’établissement correspondent déjà à ces fichiers.')).toBeVisible()

  await hélène.page.goto(applied)
  await hélène.press('Annuler cette importation…')
  await hélène.press('Annuler l’importation')
  await expect(hélène.page.getByText('L’importation a été annulée : tout est comme avant.')).toBeVisible()
  await hélène.page.goto('/')
  await hélène.untilConnected()
  await hélène.search.fill('lebœuf')
  await expect(hélène.page.getByText('Aucune conversation ni aucun contact pour « lebœuf »')).toBeVisible()
})

test('a file that can’t be read is named, with the reason', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(/status of 400/)
  const hélène = await enter('helene.vasseur')
  await hélène.page.goto('/admin/import')
  await choose(hélène, { name: 'classe.png', content: Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR', 'latin1') })
  await expect(hélène.page.getByRole('alert')).toHaveText(/«\sclasse\.png\s» n’a pas pu être lu\s: .*pas un fichier texte/)
})

test('a parent is told that the import isn’t for them', { tag: '@desktop' }, async ({ enter }) => {
  const fatima = await enter('fatima.benali')
  await fatima.press('Mon compte')
  await expect(fatima.page.getByRole('button', { name: 'Profil et réglages' })).toBeVisible()
  await expect(fatima.page.getByRole('button', { name: 'Gestion de l’établissement' })).toHaveCount(0)
  await fatima.page.goto('/admin/import')
  await expect(fatima.page.getByRole('heading', { name: 'Cette page est réservée à l’administration' })).toBeVisible()
})

test('a code typed from a letter is corrected, opens the messages, and is used up', { tag: '@phone' }, async ({ school, visit, tolerate }) => {
  tolerate(/status of 400/)
  const administration = await Api.asPerson(school.url, 'helene.vasseur')
  const { id } = await (await Api.asSuperuser(school.url)).find('users', 'username = "omar.benali"')
  const [access] = await administration.accessCodes(collège, { users: [Number(id)] })
  if (!access) throw new Error('no code')
  const visitor = await visit('/welcome')
  await fillInLetter(visitor, access.username, 'ABCD EFGH JKLM')
  await expect(visitor.page.getByLabel('Code d’accès')).toHaveAccessibleDescription(/^Ce code n’est pas valable pour cet identifiant/)
  await fillInLetter(visitor, access.username, access.code.toLowerCase())
  await visitor.untilConnected()

  const another = await visit('/welcome')
  await fillInLetter(another, access.username, access.code)
  await expect(another.page.getByLabel('Code d’accès')).toHaveAccessibleDescription(/^Ce code n’est pas valable pour cet identifiant/)
  await another.page.getByRole('link', { name: 'J’ai déjà choisi mon mot de passe' }).click()
  await another.email.fill(access.username)
  await another.password.fill(ownPassword)
  await another.logInButton.click()
  await another.untilConnected()
})

async function choose({ page }: Person, file: RosterFile): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Importer des personnes' })).toBeVisible()
  await drop(page.getByText('Glissez vos fichiers ici'), file)
  await page.getByRole('button', { name: 'Lire les fichiers' }).click()
}

async function read(person: Person, file: RosterFile): Promise<void> {
  await choose(person, file)
  await expect(person.page.getByRole('heading', { name: 'Ce qui changerait' })).toBeVisible()
}

async function apply(person: Person): Promise<void> {
  await person.press('Appliquer…')
  await person.press('Appliquer')
  await expect(person.page.getByText('L’importation est appliquée.')).toBeVisible()
}

async function prepareLetters({ page }: Person, className: string) {
  await page.getByRole('combobox', { name: 'Classe' }).selectOption(className)
  await page.getByRole('button', { name: 'Préparer les lettres…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Créer les codes' }).click()
  await expect(page.getByRole('heading', { name: /lettres? (?:est|sont) prêtes?$/ })).toBeVisible()
  return page.getByRole('article')
}

async function fillInLetter({ page }: Person, username: string, code: string): Promise<void> {
  await page.getByLabel('Identifiant').fill(username)
  await page.getByLabel('Code d’accès').fill(code)
  await page.getByLabel('Votre mot de passe').fill(ownPassword)
  await page.getByRole('button', { name: 'Ouvrir la messagerie' }).click()
}
