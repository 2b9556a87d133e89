import { defineConfig } from '@playwright/test'
import { browser, desktop, phone } from './browser'

/** `npm run e2e`: the compiled binary, a real browser, and a school of its own for each test. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/e2e',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { outputFolder: '../playwright-report', open: 'never' }]],
  use: { ...browser, trace: 'retain-on-failure' },
  // What depends on the layout or on touch runs on both.
  projects: [
    { name: 'desktop', use: desktop, grepInvert: /@phone/ },
    { name: 'phone', use: phone, grepInvert: /@desktop/ },
  ],
})
