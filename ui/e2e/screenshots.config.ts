import { defineConfig } from '@playwright/test'
import { browser, desktop, phone } from './browser'
import type { TestFixtures } from './test'

/** `npm run screenshots`: takes a screenshot of every screen into ui/test-results/screens. Asserts nothing. */
export default defineConfig<TestFixtures>({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: '../test-results/screenshots',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  reporter: 'list',
  use: browser,
  projects: [
    { name: 'desktop', use: desktop },
    { name: 'phone', use: phone },
    { name: 'desktop-arabic', use: { ...desktop, language: 'ar' } },
    { name: 'phone-arabic', use: { ...phone, language: 'ar' } },
  ],
})
