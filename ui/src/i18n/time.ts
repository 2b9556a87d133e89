/** Dates and hours as the language writes them. */
const forms = {
  hour: { hour: '2-digit', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  dayOfYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  weekday: { weekday: 'short' },
  date: { day: '2-digit', month: '2-digit', year: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>
type Form = keyof typeof forms

/** Formatters are dear to make and kept. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(locale: string, date: Date, form: Form): string {
  const key = `${locale} ${form}`
  let formatter = formatters.get(key)
  if (!formatter) {
    // Arabic texts count in Latin digits here, as the Maghreb writes: so do its dates.
    formatter = new Intl.DateTimeFormat(locale === 'ar' ? 'ar-u-nu-latn' : locale, forms[form])
    formatters.set(key, formatter)
  }
  return formatter.format(date)
}

/** Days between two moments by the calendar of this device: 0 the same day, 1 the day after. */
export function daysBetween(earlier: Date, later: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((day(later) - day(earlier)) / 86_400_000)
}

export function hourText(locale: string, date: Date): string {
  return format(locale, date, 'hour')
}

export function fullText(locale: string, date: Date): string {
  return format(locale, date, 'full')
}

interface DayWords {
  today: string
  yesterday: string
}

/** "Aujourd’hui", "Hier", "lundi 1 septembre", with the year when it is another one. */
export function dayText(locale: string, date: Date, now: Date, words: DayWords): string {
  const days = daysBetween(date, now)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  return format(locale, date, date.getFullYear() === now.getFullYear() ? 'day' : 'dayOfYear')
}

/** The short form of a list: the hour today, "Hier", the weekday this week, else the date. */
export function shortText(locale: string, date: Date, now: Date, yesterday: string): string {
  const days = daysBetween(date, now)
  if (days <= 0) return hourText(locale, date)
  if (days === 1) return yesterday
  if (days < 7) return format(locale, date, 'weekday')
  return format(locale, date, 'date')
}
