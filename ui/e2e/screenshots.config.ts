import { defineConfig } from '@playwright/test'
import { browser, desktop, phone } from './browser'

/** `npm run screenshots`: what the client looks like, into ui/test-results/screens. Asserts nothing. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: '../test-results/screenshots',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  reporter: 'list',
  use: browser,
  projects: (['light', 'dark'] as const).flatMap((colorScheme) => [
    { name: `desktop-${colorScheme}`, use: { ...desktop, colorScheme } },
    { name: `phone-${colorScheme}`, use: { ...phone, colorScheme } },
  ]),
})
