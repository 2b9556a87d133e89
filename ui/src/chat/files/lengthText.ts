import { listFormat, numberFormat } from '../../i18n/formats'
import { localeOf } from '../../i18n/time'

const minute = 60

/** « 1:05 ». */
export function clockText(language: string, seconds: number): string {
  const whole = Math.floor(seconds)
  const two = numberFormat(localeOf(language), { minimumIntegerDigits: 2 })
  const plain = numberFormat(localeOf(language), { useGrouping: false })
  return `${plain.format(Math.floor(whole / minute))}:${two.format(whole % minute)}`
}

/** « 1 minute et 5 secondes », for screen readers. */
export function lengthText(language: string, seconds: number): string {
  const whole = Math.round(seconds)
  const part = (value: number, unit: string) => numberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(value)
  const parts = [whole >= minute ? part(Math.floor(whole / minute), 'minute') : '', whole % minute > 0 || whole < minute ? part(whole % minute, 'second') : '']
  return listFormat(localeOf(language), { type: 'unit', style: 'long' }).format(parts.filter(Boolean))
}

/** « 1,5 ». */
export function rateText(language: string, rate: number): string {
  return numberFormat(localeOf(language)).format(rate)
}
