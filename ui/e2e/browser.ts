import { existsSync } from 'node:fs'
import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test'

type Options = Partial<PlaywrightTestOptions & PlaywrightWorkerOptions>

const debian = { chromium: '/usr/bin/chromium', headlessShell: '/usr/bin/chromium-headless-shell' }

/** CHROMIUM_PATH, else Debian's, else the one that `npx playwright install chromium` installed. */
function executable(): string | undefined {
  return process.env.CHROMIUM_PATH || (existsSync(debian.chromium) ? debian.chromium : undefined)
}

function launchedFrom(executablePath: string | undefined, ...further: string[]): NonNullable<Options['launchOptions']> {
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox', // root, as in containers, can't use the sandbox
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...further,
    ],
  }
}

/** The same for every test: a French visitor in Paris. */
export const browser: Options = {
  browserName: 'chromium',
  locale: 'fr-FR',
  timezoneId: 'Europe/Paris',
  launchOptions: launchedFrom(executable()),
}

/** Does the same in half the processor time, but shows no notifications. */
export const headlessShell: Options = existsSync(debian.headlessShell) ? { launchOptions: launchedFrom(debian.headlessShell) } : {}

/** With a microphone that beeps, which every page may use. */
export const withMicrophone = launchedFrom(
  existsSync(debian.headlessShell) ? debian.headlessShell : executable(),
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
)

export const desktop: Options = { viewport: { width: 1280, height: 800 } }

export const phone = {
  viewport: { width: 375, height: 812 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
} satisfies Options
