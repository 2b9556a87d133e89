import { defineConfig } from '@playwright/test'
import { browser, desktop } from '../e2e/browser'

/** `npm run measure`: what a user feels, in a real browser against the compiled binary. Asserts no time. */
export default defineConfig({
  testDir: '.',
  testMatch: 'measure.ts',
  outputDir: '../test-results/measure',
  workers: 1,
  maxFailures: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: './table.ts',
  use: { ...browser, ...desktop },
})
