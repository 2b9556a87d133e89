import { matchesQuery } from './searchText'

test.each([
  ['Jérôme Lefèvre', 'jero', true],
  ['Élodie Garçon', 'garcon elo', true],
  ['Marie-Ange Petit', 'ange', true],
  ['Jérôme Lefèvre', 'rome', false],
  ['Jérôme Lefèvre', '  ', true],
])('"%s" matches "%s": %s', (text, query, expected) => {
  expect(matchesQuery(text, query)).toBe(expected)
})
