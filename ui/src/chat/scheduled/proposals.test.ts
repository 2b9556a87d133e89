import { proposalsAt } from './proposals'

const namesAt = (now: string, quietUntil: string | null = null) => proposalsAt(new Date(now), 'Europe/Paris', quietUntil).map(({ name, at }) => `${name} ${at.toISOString()}`)

test.each([
  ['a Wednesday morning', '2026-12-02T09:00:00Z', ['evening 2026-12-02T17:00:00.000Z', 'tomorrow 2026-12-03T07:00:00.000Z', 'monday 2026-12-07T07:00:00.000Z']],
  ['a Wednesday evening', '2026-12-02T17:30:00Z', ['tomorrow 2026-12-03T07:00:00.000Z', 'monday 2026-12-07T07:00:00.000Z']],
  ['a Monday', '2026-11-30T18:00:00Z', ['tomorrow 2026-12-01T07:00:00.000Z', 'monday 2026-12-07T07:00:00.000Z']],
  ['a Saturday', '2026-12-05T09:00:00Z', ['monday 2026-12-07T07:00:00.000Z']],
  ['a Sunday, on which Monday is tomorrow', '2026-12-06T09:00:00Z', ['tomorrow 2026-12-07T07:00:00.000Z']],
])('proposals on %s', (_, now, expected) => {
  expect(namesAt(now)).toEqual(expected)
})

test('in quiet hours their end comes first', () => {
  expect(namesAt('2026-12-06T09:00:00Z', '2026-12-07T06:00:00Z')).toEqual(['opening 2026-12-07T06:00:00.000Z', 'tomorrow 2026-12-07T07:00:00.000Z'])
})
