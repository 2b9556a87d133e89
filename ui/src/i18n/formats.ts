/** Formatters by language and form. They are kept, because to create one takes forty times as long as to use it. */
const lists = new Map<string, Intl.ListFormat>()
const numbers = new Map<string, Intl.NumberFormat>()

export function listFormat(language: string, form: Intl.ListFormatOptions = {}): Intl.ListFormat {
  return kept(lists, `${language} ${JSON.stringify(form)}`, () => new Intl.ListFormat(language, form))
}

export function numberFormat(language: string, form: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numbers, `${language} ${JSON.stringify(form)}`, () => new Intl.NumberFormat(language, form))
}

function kept<T>(all: Map<string, T>, key: string, create: () => T): T {
  let one = all.get(key)
  if (!one) all.set(key, (one = create()))
  return one
}
