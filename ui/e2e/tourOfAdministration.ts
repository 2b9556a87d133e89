import type { Guide, Show } from './guide'
import type { Person } from './person'
import { expect } from './test'
import { anyOf } from './words'

/** With two people of the same name at the school, and an address that is none. */
const pasted = ['Nom\tPrénom\tClasse\tCourriel', 'Benali\tAdam\t4e A\t', 'Fauré\tÉlise\t3e C\telise@exemple', 'Fauré\tÉmile\t3e C\temile.faure@example.org'].join('\n')

/** An import and its letters, the page that a letter leads to, and who may write to whom and when. */
export async function administration({ enter, visit, show }: Guide): Promise<void> {
  const hélène = await enter('helene.vasseur')
  await showImport(hélène, show)
  await showLetters(hélène, show)

  const visitor = await visit('/welcome')
  const { welcome } = visitor.words
  await expect(visitor.page.getByRole('heading', { name: welcome.title })).toBeVisible()
  await show(visitor, 'welcome')
  await visitor.press(welcome.submit)
  await expect(visitor.page.getByText(welcome.usernameMissing)).toBeVisible()
  await show(visitor, 'welcome-missing')

  const fatima = await enter('fatima.benali')
  await fatima.page.goto('/admin/import')
  await expect(fatima.page.getByRole('heading', { name: fatima.words.admin.notForYou })).toBeVisible()
  await show(fatima, 'import-not-for-you')
  await fatima.page.goto('/')
  await writeForLater(fatima)
  await showRules(hélène, show)
  // Parents are paused now.
  await expect(fatima.composer).toHaveCount(0)
  await expect(fatima.page.getByRole('region', { name: fatima.words.cannotWrite.pause })).toContainText('Un instant')
  await show(fatima, 'paused')
}

async function writeForLater(fatima: Person): Promise<void> {
  const { page, words } = fatima
  await fatima.open('Claire Martin')
  await fatima.composer.fill('Yasmine sera absente jeudi.')
  await fatima.press(words.composer.later)
  await page.getByRole('menuitem').first().click()
  await expect(fatima.messages.getByRole('button', { name: words.schedule.delete })).toBeVisible()
}

async function showRules(hélène: Person, show: Show): Promise<void> {
  const { page, words } = hélène
  const { rules } = words
  await page.goto('/admin/rules')
  const role = (name: string) => page.getByRole('switch', { name: rules.pauseOf.replace('{{role}}', name) })
  await page.getByRole('combobox', { name: rules.pair.replace('{{from}}', rules.role.parent).replace('{{to}}', rules.to.staff) }).selectOption('never')
  await hélène.press(rules.preview)
  await expect(page.getByRole('list', { name: rules.closes })).toBeVisible()
  await show(hélène, 'rules-preview')
  await page.keyboard.press('Escape')
  await role(rules.among.parent).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: rules.pauseText }).fill('Un instant, s’il vous plaît.')
  await show(hélène, 'rules-pause')
  await dialog.getByRole('button', { name: rules.pauseStart, exact: true }).click()
  await expect(role(rules.among.parent)).toBeChecked()
  await show(hélène, 'rules')
  await page.getByRole('link', { name: rules.hours.title }).click()
  await hélène.press(rules.hours.turnOn)
  await expect(page.getByText(rules.hours.isOn)).toBeVisible()
  await show(hélène, 'hours')
}

async function showImport(hélène: Person, show: Show): Promise<void> {
  const { page, words } = hélène
  const { import: reading, plan } = words.admin
  await page.goto('/admin/import')
  await expect(page.getByText(reading.earlierNone)).toBeVisible()
  await hélène.press(reading.paste)
  // Empty: the rows of a table aren't wrapped, and scroll within the field.
  await expect(page.getByLabel(reading.pasteLabel)).toBeVisible()
  await show(hélène, 'import')
  await page.getByLabel(reading.pasteLabel).fill(pasted)
  await hélène.press(reading.pasteAdd)
  await expect(page.getByRole('list', { name: reading.files })).toBeVisible()
  await show(hélène, 'import-files')
  await hélène.press(reading.read)
  await expect(page.getByRole('heading', { name: plan.title })).toBeVisible()
  await show(hélène, 'import-plan')
  await page.getByRole('region', { name: plan.changes }).getByRole('button').first().click()
  await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible()
  await show(hélène, 'import-changes')
  await page.keyboard.press('Escape')
  await hélène.press(plan.apply)
  await expect(page.getByRole('dialog', { name: plan.confirmTitle })).toBeVisible()
  await show(hélène, 'import-confirm')
  await hélène.press(plan.confirm)
  await expect(page.getByText(plan.applied)).toBeVisible()
  await show(hélène, 'import-applied')
}

async function showLetters(hélène: Person, show: Show): Promise<void> {
  const { page, words } = hélène
  const { letters } = words.admin
  await page.getByRole('link', { name: words.admin.plan.letters }).click()
  const className = page.getByRole('combobox', { name: letters.class })
  await expect(className).toBeEnabled()
  await hélène.press(letters.prepare)
  await expect(page.getByText(letters.missingClass)).toBeVisible()
  await show(hélène, 'letters')
  await className.selectOption({ index: 1 })
  await hélène.press(letters.prepare)
  await expect(page.getByRole('dialog', { name: letters.confirmTitle })).toBeVisible()
  await show(hélène, 'letters-confirm')
  await page.getByRole('dialog').getByRole('button', { name: letters.confirm }).click()
  await expect(page.getByRole('article').first()).toBeVisible()
  await show(hélène, 'letters-ready')
  await page.getByRole('button', { name: letters.again }).click()
  await expect(page.getByRole('dialog', { name: letters.leaveTitle })).toBeVisible()
  await show(hélène, 'letters-leave')
  await page.getByRole('dialog').getByRole('button', { name: letters.leave, exact: true }).click()
  await expect(page.getByRole('button', { name: anyOf(letters.prepare) })).toBeVisible()
}
