/** A time as a clock shows it, without a time zone; `month` is 1 to 12. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** Formatters by zone, because creating them is expensive. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string | undefined): Intl.DateTimeFormat {
  const known = clocks.get(zone ?? '')
  if (known) return known
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const options = { ...numbers, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' } as const
  let clock: Intl.DateTimeFormat
  try {
    clock = new Intl.DateTimeFormat('en', { ...options, timeZone: zone })
  } catch {
    // A zone that this browser doesn't know.
    clock = new Intl.DateTimeFormat('en', options)
  }
  clocks.set(zone ?? '', clock)
  return clock
}

/** What the clocks of a zone show at that moment; without a zone, this device's. */
export function wallTimeOf(moment: Date, zone?: string): WallTime {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts
  return { year, month, day, hour, minute }
}

/**
 * The moment at which the clocks of a zone show that time. A time that they skip in spring counts from before the
 * change, as an hour later; of one that they show twice in autumn it is the first. Days beyond the month are of the next.
 */
export function momentOf(wall: WallTime, zone?: string): Date {
  const shown = asUtc(wall)
  const offsetAt = (moment: number) => asUtc(wallTimeOf(new Date(moment), zone)) - moment
  const day = 86_400_000
  const [before, after] = [offsetAt(shown - day), offsetAt(shown + day)]
  const isRight = (offset: number) => asUtc(wallTimeOf(new Date(shown - offset), zone)) === shown
  return new Date(shown - (isRight(before) || !isRight(after) ? before : after))
}

function asUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** The same time of the day so many days later. */
export function daysLater(wall: WallTime, days: number): WallTime {
  const date = new Date(asUtc(wall) + days * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: wall.hour, minute: wall.minute }
}

/** From 0, Monday. */
export function weekdayOf(wall: WallTime): number {
  return (new Date(asUtc(wall)).getUTCDay() + 6) % 7
}

/** Days from one time to another, by the calendar. */
export function daysFrom(earlier: WallTime, later: WallTime): number {
  const midnight = (wall: WallTime) => asUtc({ ...wall, hour: 0, minute: 0 })
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000)
}

const two = (value: number) => String(value).padStart(2, '0')

/** As the value of a field of type `datetime-local`. */
export function fieldText({ year, month, day, hour, minute }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** From such a field; null while it is incomplete. */
export function wallTimeIn(text: string): WallTime | null {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined) return null
  return { year, month, day, hour, minute }
}
