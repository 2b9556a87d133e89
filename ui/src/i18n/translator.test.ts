import { createInstance } from 'i18next'
import { ar } from './ar'
import * as admin from './admin/fr'
import { ar as adminArabic } from './admin/ar'
import { en as adminEnglish } from './admin/en'
import { en } from './en'
import { fr } from './fr'
import { frLater } from './frLater'
import { Translator } from './translator'

type Look = (key: string, values?: object) => string

const bundles = [
  ['fr', 'translation', fr],
  ['fr', 'translation', frLater],
  ['en', 'translation', en],
  ['ar', 'translation', ar],
  ['fr', 'admin', admin.fr],
  ['en', 'admin', adminEnglish],
  ['ar', 'admin', adminArabic],
] as const

const reference = createInstance()
void reference.init({ lng: 'fr', fallbackLng: 'fr', resources: {}, interpolation: { escapeValue: false }, initAsync: false })
const translator = new Translator()
for (const [language, namespace, texts] of bundles) {
  reference.addResourceBundle(language, namespace, texts, true)
  translator.add(language, texts, namespace)
}

/** Every form of our three languages. */
const numbers = [...Array(13).keys(), 21, 100, 103, 1000]

function textsOf(texts: object, path = ''): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
    typeof text === 'string' ? [[path + name, text] as [string, string]] : textsOf(text as object, `${path}${name}.`),
  )
}

test.each(['fr', 'en', 'ar'])('every text in %s, with each number, is the one that i18next returns', (language) => {
  for (const namespace of ['translation', 'admin'] as const) {
    const texts = bundles.filter(([, of]) => of === namespace).flatMap(([, , one]) => textsOf(one))
    const ours = translator.textsIn(language, namespace) as unknown as Look
    const theirs = reference.getFixedT(language, namespace) as unknown as Look
    const names = texts.flatMap(([, text]) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name))
    const values = Object.fromEntries(names.filter((name) => name !== 'count').map((name) => [name, `<${name}> $& «`]))
    const asked = texts.flatMap(([key]): [string, object][] => {
      const plain = key.replace(/_(zero|one|two|few|many|other)$/, '')
      return plain === key ? [[key, values]] : [[key, values], ...numbers.map((count): [string, object] => [plain, { ...values, count }])]
    })
    expect(asked.map(([key, given]) => [key, ours(key, given)])).toEqual(asked.map(([key, given]) => [key, theirs(key, given)]))
  }
})

test('a text that a language lacks is the French one, and one that is nowhere is its key', () => {
  const one = new Translator()
  one.add('fr', { list: { only: 'Rien' }, count_one: '{{count}} mot', count_other: '{{count}} mots' })
  one.add('en', { list: { other: 'Other' } })
  const t = one.textsIn('en') as unknown as Look
  expect(t('list.only')).toBe('Rien')
  expect(t('list.none')).toBe('list.none')
  expect(t('list')).toBe('list')
  expect(t('list.only.deeper')).toBe('list.only.deeper')
  expect(t('count', { count: 3 })).toBe('3 mots')
})

test('a million has a text, though French has a form of its own for it', () => {
  expect((translator.textsIn('fr') as unknown as Look)('message.newCount', { count: 1_000_000 })).toContain('1000000')
})
