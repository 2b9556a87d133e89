import type { FlatNamespace, TFunction } from 'i18next'

/** Texts by name. The forms for numbers have a suffix, as Intl.PluralRules calls them: "new_one", "new_other". */
export interface Texts {
  [name: string]: string | Texts
}

type Values = Readonly<Record<string, unknown>>

/** The language whose texts are used where another one has none. */
const source = 'fr'
const rightToLeft: readonly string[] = ['ar']

/**
 * Looks texts up by key ("list.empty"), chooses the form for `count` and puts values in the place of {{name}}: what
 * we use of i18next, which took 14 of the 130 KB that may be loaded before the first conversation. Its types still
 * check our keys, and are the only thing that is needed of it; translator.test.ts compares the two over all texts.
 */
export class Translator {
  /** The current one. */
  language: string = source
  private readonly texts = new Map<string, Texts>()
  private readonly functions = new Map<string, unknown>()
  private readonly plurals = new Map<string, Intl.PluralRules>()
  private readonly listeners = new Set<() => void>()

  /** Adds texts to those that a namespace has in a language. */
  add(language: string, added: object, namespace = 'translation'): void {
    const key = `${language} ${namespace}`
    this.texts.set(key, merged(this.texts.get(key), added as Texts))
  }

  isLoaded(language: string): boolean {
    return this.texts.has(`${language} translation`)
  }

  /** Whether there is a text for this key in the current language, or in French. */
  has(key: string): boolean {
    return this.textsIn(this.language)(key as never) !== key
  }

  /** The texts in a language, always by the same function. Without a text it returns the key. */
  textsIn<N extends FlatNamespace = 'translation'>(language: string, namespace: FlatNamespace = 'translation'): TFunction<N> {
    const key = `${language} ${namespace}`
    let look = this.functions.get(key)
    if (!look) {
      look = (name: string, values?: Values) => this.text(language, namespace, name, values) ?? this.text(source, namespace, name, values) ?? name
      this.functions.set(key, look)
    }
    return look as TFunction<N>
  }

  /** In the current language. */
  get t(): TFunction {
    return this.textsIn(this.language)
  }

  change(language: string): void {
    this.language = language
    for (const listener of [...this.listeners]) listener()
  }

  /** Calls the listener after each change of language; returns a function that stops it. */
  readonly onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  /** The direction in which a language is written; by default the current one. */
  dir(language = this.language): 'ltr' | 'rtl' {
    return rightToLeft.includes(language) ? 'rtl' : 'ltr'
  }

  private text(language: string, namespace: string, key: string, values: Values | undefined): string | undefined {
    const path = key.split('.')
    const name = path.pop() ?? ''
    let texts: string | Texts | undefined = this.texts.get(`${language} ${namespace}`)
    for (const part of path) texts = typeof texts === 'object' ? texts[part] : undefined
    if (typeof texts !== 'object') return undefined
    for (const form of this.forms(language, values?.count)) {
      const text = texts[name + form]
      if (typeof text === 'string') return values && text.includes('{{') ? filled(text, values) : text
    }
    return undefined
  }

  /** The suffixes to try, in this order. A text for none, if there is one, comes first in every language. */
  private forms(language: string, count: unknown): readonly string[] {
    if (typeof count !== 'number') return ['']
    let rules = this.plurals.get(language)
    if (!rules) this.plurals.set(language, (rules = new Intl.PluralRules(language)))
    const form = `_${rules.select(count)}`
    // French has a form of its own for millions, which no text of ours needs.
    return count === 0 ? ['_zero', form, '_other', ''] : [form, '_other', '']
  }
}

function filled(text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (unfilled, name: string) => String(values[name] ?? unfilled))
}

function merged(texts: Texts = {}, added: Texts): Texts {
  const result = { ...texts }
  for (const [name, one] of Object.entries(added)) {
    const known = result[name]
    result[name] = typeof one === 'object' ? merged(typeof known === 'object' ? known : {}, one) : one
  }
  return result
}
