import { readFileSync } from 'node:fs'
import { indexOf, matcherOf, wordsOf } from './searchText'

interface Case {
  text: string
  words: string
  index?: string
}

/** The server's test reads the same cases. */
const cases = JSON.parse(readFileSync('../hooks/words/testdata/words.json', 'utf8')) as Case[]
const wanted = (words: string) => words.normalize('NFKD').split(' ').filter(Boolean)

test.each(cases)('$text is $words', ({ text, words, index = words }) => {
  expect(wordsOf(text)).toEqual(wanted(words))
  expect(indexOf(text)).toEqual(wanted(index))
})

test.each([
  ['Jérôme Lefèvre', 'jero', true],
  ['Élodie Garçon', 'garcon elo', true],
  ['Marie-Ange Petit', 'ange', true],
  ['Jérôme Lefèvre', 'rome', false],
  ['Jérôme Lefèvre', '  ', true],
  ['Laetitia Coeur', 'cœur', true],
  ['Jean-Baptiste Weiß', 'jean-baptiste weiss', true],
  ['Sylvie N’Guyen', 'n\'guyen', true],
  ['Sylvie N\'Guyen', 'n’g', true],
  ['Sylvie N\'Guyen', 'nguyen', true],
  ['Sean OʼBrien', 'o\'brien', true],
  ['ΓΙΏΡΓΟΣ', 'γιώργος', true],
  ['ΓΙΏΡΓΟΣ', 'γιωργοσ', true],
  ['Mar\u200btin', 'martin', true],
  ['Projet n°250', 'n°250', true],
  ['Projet n°250', '250', true],
  ['Jean-Baptiste', 'jean-marie', false],
  ['Jean-Baptiste', '-', false],
])('"%s" matches "%s": %s', (text, query, expected) => {
  expect(matcherOf(query)(indexOf(text))).toBe(expected)
})
