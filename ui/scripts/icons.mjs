// node scripts/icons.mjs: draws public/icons from public/favicon.svg. Run when the sign changes; the pictures are committed.
import { chromium } from '@playwright/test'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { URL } from 'node:url'

const folder = new URL('../public/', import.meta.url)
const sign = await readFile(new URL('favicon.svg', folder), 'utf8')
// Systems cut a maskable icon to their own shape: colour up to the edges, the sign in the inner 80 %.
const filled = sign.replace(' rx="16"', '').replace(/<path/, '<g transform="translate(5.6 4.6) scale(.825)"><path').replace('</svg>', '</g></svg>')

const debian = '/usr/bin/chromium'
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(existsSync(debian) ? { executablePath: debian } : {}) })
const page = await browser.newPage()
for (const [name, size, picture] of [
  ['icon-192', 192, sign],
  ['icon-512', 512, sign],
  ['maskable-512', 512, filled],
  ['apple-180', 180, filled],
]) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${picture}`)
  await page.screenshot({ path: new URL(`icons/${name}.png`, folder).pathname, omitBackground: true })
}
await browser.close()
