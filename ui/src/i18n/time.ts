/** Dates and times in the language and the reader's region. */
const forms = {
  hour: { timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  dayOfYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  weekday: { weekday: 'short' },
  date: { day: '2-digit', month: '2-digit', year: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>
type Form = keyof typeof forms

/** Formatters are cached because creating them is expensive. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(language: string, date: Date, form: Form): string {
  const key = `${language} ${form}`
  let formatter = formatters.get(key)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(localeOf(language), forms[form])
    formatters.set(key, formatter)
  }
  return formatDate(language, formatter, date)
}

/** A date in a formatter's form. In French the first day of a month is "1er". */
export function formatDate(language: string, formatter: Intl.DateTimeFormat, date: Date): string {
  if (language !== 'fr') return formatter.format(date)
  return formatter.formatToParts(date).map(({ type, value }) => (type === 'day' && value === '1' ? '1er' : value)).join('')
}

/** They keep the time zone in which they were created. */
export function forgetFormatters(): void {
  formatters.clear()
}

/**
 * The language with the region of this browser: English writes "14:04" in London and "2:04 PM" in New York.
 * If the browser has no English locale, its first region decides: a French one has 24 hours.
 */
export function localeOf(language: string, preferred: readonly string[] = browserLanguages()): string {
  const regional = preferred.flatMap(regionalLocale)
  const own = regional.find((locale) => locale.language === language) ?? (language === 'en' ? regional[0] : undefined)
  // Arabic texts use Latin digits here, as in the Maghreb, and so do dates.
  const numbers = language === 'ar' ? { numberingSystem: 'latn' } : {}
  return new Intl.Locale(language, { ...numbers, ...(own?.region ? { region: own.region } : {}) }).toString()
}

/** Undefined for a tag without a region, or an invalid one: some systems return "en-US@posix". */
function regionalLocale(tag: string): Intl.Locale[] {
  try {
    const locale = new Intl.Locale(tag)
    return locale.region ? [locale] : []
  } catch {
    return []
  }
}

/** Empty during server rendering. */
function browserLanguages(): readonly string[] {
  return (globalThis as { navigator?: Partial<Navigator> }).navigator?.languages ?? []
}

/** Calendar days between two times on this device: 0 for the same day, 1 for the day after. */
export function daysBetween(earlier: Date, later: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((day(later) - day(earlier)) / 86_400_000)
}

export function hourText(language: string, date: Date): string {
  return format(language, date, 'hour')
}

export function fullText(language: string, date: Date): string {
  return format(language, date, 'full')
}

interface DayWords {
  today: string
  yesterday: string
}

/** "Aujourd’hui", "Hier", "lundi 1er septembre", with the year when it is another one. */
export function dayText(language: string, date: Date, now: Date, words: DayWords): string {
  const days = daysBetween(date, now)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  return format(language, date, date.getFullYear() === now.getFullYear() ? 'day' : 'dayOfYear')
}

/** The short form for lists: the time today, "Hier", the weekday this week, else the date. */
export function shortText(language: string, date: Date, now: Date, yesterday: string): string {
  const days = daysBetween(date, now)
  if (days <= 0) return hourText(language, date)
  if (days === 1) return yesterday
  if (days < 7) return format(language, date, 'weekday')
  return format(language, date, 'date')
}
