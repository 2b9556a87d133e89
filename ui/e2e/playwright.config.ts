import { defineConfig } from '@playwright/test'
import { browser, desktop, headlessShell, phone } from './browser'

const notifications = /@notifications/

/** `npm run e2e`: the compiled binary, a real browser, and a school of its own for each test. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/e2e',
  fullyParallel: true,
  // On two processors: a test often waits for a timer or the server.
  workers: 3,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Only for tests that hang; a slow machine takes a third of it.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['html', { outputFolder: '../playwright-report', open: 'never' }]],
  // TRACE=1 records every step of failing tests, and makes all tests half as slow again.
  use: { ...browser, screenshot: 'only-on-failure', actionTimeout: 30_000, trace: process.env.TRACE ? 'retain-on-failure' : 'off' },
  // On both: tests that depend on the layout or on touch, and the tours, which show every screen. The others are @desktop.
  projects: [
    { name: 'desktop', use: { ...desktop, ...headlessShell }, grepInvert: [/@phone/, notifications] },
    { name: 'phone', use: { ...phone, ...headlessShell }, grepInvert: [/@desktop/, notifications] },
    { name: 'desktop-notifications', use: desktop, grep: notifications, grepInvert: /@phone/ },
    { name: 'phone-notifications', use: phone, grep: notifications, grepInvert: /@desktop/ },
  ],
})
