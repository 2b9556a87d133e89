import { daysFrom, daysLater, fieldText, momentOf, wallTimeIn, wallTimeOf, weekdayOf } from './zonedTime'

const paris = 'Europe/Paris'
const at = (text: string) => {
  const wall = wallTimeIn(text)
  if (!wall) throw new Error(text)
  return wall
}

test.each([
  ['2026-12-07T08:00', paris, '2026-12-07T07:00:00.000Z'],
  ['2026-07-06T08:00', paris, '2026-07-06T06:00:00.000Z'],
  ['2026-07-06T08:00', 'Indian/Reunion', '2026-07-06T04:00:00.000Z'],
  ['2026-07-06T08:00', 'America/Guadeloupe', '2026-07-06T12:00:00.000Z'],
  // The day on which the clocks change, before and after it.
  ['2026-03-29T01:30', paris, '2026-03-29T00:30:00.000Z'],
  ['2026-03-29T08:00', paris, '2026-03-29T06:00:00.000Z'],
  ['2026-10-25T08:00', paris, '2026-10-25T07:00:00.000Z'],
  // Skipped, and shown twice.
  ['2026-03-29T02:30', paris, '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T02:30', paris, '2026-10-25T00:30:00.000Z'],
])('%s in %s is %s', (wall, zone, moment) => {
  expect(momentOf(at(wall), zone).toISOString()).toBe(moment)
})

test('the clocks of a zone show the time of a moment', () => {
  expect(fieldText(wallTimeOf(new Date('2026-12-31T23:30:00.000Z'), paris))).toBe('2027-01-01T00:30')
  expect(fieldText(wallTimeOf(new Date('2026-12-31T23:30:00.000Z'), 'Nowhere/Unknown'))).toMatch(/^202[67]-/)
})

test('days are counted by the calendar, over months and changes of the clocks', () => {
  expect(fieldText(daysLater(at('2026-12-31T08:00'), 1))).toBe('2027-01-01T08:00')
  expect(fieldText(daysLater(at('2026-03-28T08:00'), 1))).toBe('2026-03-29T08:00')
  expect(daysFrom(at('2026-12-31T23:59'), at('2027-01-01T00:00'))).toBe(1)
  expect(weekdayOf(at('2026-12-07T08:00'))).toBe(0)
  expect(weekdayOf(at('2026-12-06T08:00'))).toBe(6)
})

test('a field that is not filled in is no time', () => {
  expect(wallTimeIn('')).toBeNull()
  expect(wallTimeIn('2026-12-07')).toBeNull()
})
