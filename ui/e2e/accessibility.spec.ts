import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ visit, enter }) => {
    const visitor = await visit()
    await calm(visitor.page, colorScheme)
    await visitor.logInButton.click()
    await expectAccessible(visitor.page, 'login with an error')

    const claire = await enter('claire.martin')
    await calm(claire.page, colorScheme)
    await expectAccessible(claire.page, 'list')

    await claire.search.fill('gar')
    await expect(claire.contacts.getByRole('button').first()).toBeVisible()
    await expectAccessible(claire.page, 'search')

    await claire.search.fill('')
    await claire.open('5e B – équipe pédagogique')
    await claire.write('Un message à moi')
    await claire.expectState('Un message à moi', 'Envoyé')
    await expectAccessible(claire.page, 'group')
    await claire.message('Un message à moi').hover()
    await claire.message('Un message à moi').getByRole('button', { name: 'Actions sur le message' }).click()
    await expect(claire.page.getByRole('menuitem').first()).toBeVisible()
    await expectAccessible(claire.page, 'menu of a message')
    await claire.page.keyboard.press('Escape')
    await claire.showList()

    await claire.page.getByRole('button', { name: 'Mon compte' }).click()
    await expectAccessible(claire.page, 'account')
    await claire.page.keyboard.press('Escape')

    await claire.page.getByRole('button', { name: 'Nouvelle conversation' }).click()
    const dialog = claire.page.getByRole('dialog')
    await dialog.getByRole('combobox').fill('gar')
    await dialog.getByRole('option').first().click()
    await dialog.getByRole('combobox').fill('le')
    await expect(dialog.getByRole('option').first()).toBeVisible()
    await expectAccessible(claire.page, 'new conversation')
  })
}

test('everything is there in English, and stays so after a reload', { tag: '@desktop' }, async ({ visit }) => {
  const visitor = await visit()
  await visitor.page.getByRole('combobox', { name: 'Langue' }).selectOption('English')
  await expect(visitor.page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await expect(visitor.page.locator('html')).toHaveAttribute('lang', 'en')
  await visitor.page.reload()
  await visitor.page.getByRole('textbox', { name: 'E-mail address' }).fill('claire.martin@demo.example')
  await visitor.page.getByLabel('Password', { exact: true }).fill('messagerie-demo')
  await visitor.page.getByRole('button', { name: 'Log in' }).click()
  await expect(visitor.page.getByRole('status', { name: 'Connection' })).toHaveText('Connected')
  await visitor.page.getByRole('button', { name: /^Jérôme Lefèvre/ }).click()
  await visitor.page.getByRole('textbox', { name: 'Message to Jérôme Lefèvre' }).fill('In English')
  await visitor.page.getByRole('button', { name: 'Send' }).click()
  await expect(visitor.page.getByTitle('Sent', { exact: true })).toBeVisible()
})

test('an account’s own language is used where none was chosen', { tag: '@desktop' }, async ({ visit }) => {
  const emily = await visit()
  await emily.tryLogIn('emily.clarke')
  await expect(emily.page.getByRole('searchbox', { name: 'Search' })).toBeVisible()
})

async function calm(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  // A colour on its way to another is no finding.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
}

async function expectAccessible(page: Page, where: string): Promise<void> {
  const axe = new AxeBuilder({ page })
  // The dark looks differ in nothing but their colours.
  if (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)) axe.withRules('color-contrast')
  const { violations } = await axe.analyze()
  const found = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    elements: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary}`),
  }))
  expect(found, where).toEqual([])
}
