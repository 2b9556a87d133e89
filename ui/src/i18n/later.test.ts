import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fr } from './fr'
import { frLater } from './frLater'

const sources = join(__dirname, '..')

/** The keys of texts, such as "create.count", without their plural forms. */
function keysOf(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
    typeof text === 'object' && text !== null ? keysOf(text, `${path}${name}.`) : [`${path}${name}`.replace(/_(one|other)$/, '')],
  )
}

const later = new Set(keysOf(frLater))

test('a French text is either loaded at first or later', () => {
  expect(keysOf(fr).filter((key) => later.has(key))).toEqual([])
})

test('every part that shows a later text adds them', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^i18n\//.test(name))
  const showing = files.filter((name) => {
    const keys = [...readFileSync(join(sources, name), 'utf8').matchAll(/['`]([a-zA-Z]+\.[a-zA-Z.]+?)\.?(?:'|`|\$\{)/g)].map(([, key]) => key ?? '')
    return keys.some((key) => later.has(key) || [...later].some((one) => one.startsWith(`${key}.`)))
  })
  expect(showing.length).toBeGreaterThan(20)
  expect(showing.filter((name) => !readFileSync(join(sources, name), 'utf8').includes('\naddLaterTexts()\n'))).toEqual([])
})
