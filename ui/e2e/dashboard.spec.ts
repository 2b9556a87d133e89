import type { Page } from '@playwright/test'
import { emailOf, password } from './school'
import { expect, test } from './test'

async function openDashboard(page: Page): Promise<void> {
  await page.goto('/_/')
  await page.getByLabel('Email').fill(emailOf('admin'))
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Login' }).click()
  await expect(page.getByRole('button', { name: 'New record' })).toBeVisible()
}

// PocketBase's own pages, which the server's gate has to let through.
test('the dashboard adds a school and its people, and shows the logs', { tag: '@desktop' }, async ({ visit, tolerate }) => {
  tolerate(/status of 400/)
  const { page } = await visit()
  await openDashboard(page)
  const form = page.locator('.modal').last()

  await page.getByRole('button', { name: /^establishments/ }).click()
  await page.getByRole('button', { name: 'New record' }).click()
  await form.getByLabel('name').fill('Lycée Simone-Veil')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('cell', { name: 'Lycée Simone-Veil' })).toBeVisible()

  await page.getByRole('button', { name: /^users/ }).click()
  await page.getByRole('button', { name: 'New record' }).click()
  await form.getByLabel(/^email/).fill('ines.moreau@demo.example')
  await form.getByLabel('last_name').fill('Moreau')
  await form.getByRole('button', { name: /^role/ }).click()
  await page.getByText('student', { exact: true }).last().click()
  const chosen = form.getByRole('textbox', { name: 'Password' })
  const confirmed = form.getByRole('textbox', { name: 'Confirm' })
  for (const [word, refusal] of [
    ['12345678', /one of the most common passwords/],
    ['ines.moreau', /the person's name or address/],
  ] as const) {
    await chosen.fill(word)
    await confirmed.fill(word)
    await form.getByRole('button', { name: 'Create' }).click()
    await expect.poll(() => chosen.evaluate((field: HTMLInputElement) => field.validationMessage)).toMatch(refusal)
  }
  await chosen.fill('trois petits chats')
  await confirmed.fill('trois petits chats')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('cell', { name: 'ines.moreau@demo.example' })).toBeVisible()

  await page.getByRole('link', { name: 'Logs' }).click()
  await expect(page.getByRole('table')).toBeVisible()
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByLabel('Application name')).toBeVisible()
})
