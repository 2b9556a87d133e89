import { daysFrom, wallTimeOf } from '../../lib/zonedTime'
import type { Timestamp } from '../../protocol/resources'
import type { Language } from '../i18n'
import { formatDate, localeOf } from '../time'
import { scheduleTextsIn } from './texts'

/** "demain à 7 h", "lundi à 7 h 30", "lundi 4 janvier à 8 h", by the clocks of a zone, to be put into a sentence. */
export function whenText(language: Language, moment: Date | Timestamp, zone: string | undefined, now = new Date()): string {
  const date = new Date(moment)
  const t = scheduleTextsIn(language)
  const [today, then] = [wallTimeOf(now, zone), wallTimeOf(date, zone)]
  const days = daysFrom(today, then)
  const hour = clockText(language, date, zone)
  if (days === 0) return t('today', { hour })
  if (days === 1) return t('nextDay', { hour })
  const isNear = days > 1 && days < 7
  const far: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', ...(today.year === then.year ? {} : { year: 'numeric' }) }
  return t('day', { day: inZone(language, date, zone, isNear ? { weekday: 'long' } : far), hour })
}

/** Of a proposal whose name says the day: "18 h"; after the name of a weekday, which may be next week's, with the date. */
export function proposalText(language: Language, moment: Date, zone: string | undefined, isDayNamed: boolean): string {
  const hour = clockText(language, moment, zone)
  return isDayNamed ? hour : scheduleTextsIn(language)('day', { day: inZone(language, moment, zone, { day: 'numeric', month: 'long' }), hour })
}

/** French writes "7 h 30"; the others as their region does. */
function clockText(language: Language, date: Date, zone: string | undefined): string {
  if (language !== 'fr') return inZone(language, date, zone, { timeStyle: 'short' })
  const { hour, minute } = wallTimeOf(date, zone)
  return minute === 0 ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${String(minute).padStart(2, '0')}`
}

function inZone(language: Language, date: Date, zone: string | undefined, form: Intl.DateTimeFormatOptions): string {
  try {
    return formatDate(language, new Intl.DateTimeFormat(localeOf(language), { ...form, timeZone: zone }), date)
  } catch {
    // A zone that this browser doesn't know.
    return formatDate(language, new Intl.DateTimeFormat(localeOf(language), form), date)
  }
}
