import { nextQuery, splitLinks } from './links'

describe('nextQuery', () => {
  test('finds the next page among other links', () => {
    expect(nextQuery('</a?x=1>; rel="prev", <https://school.example/api/m/7/?after=9&limit=200>; rel="next"')).toBe('after=9&limit=200')
  })
  test.each([null, '', '</a?x=1>; rel="prev"', '</a>; rel="next"', '</a?x=1>; rel="nextish"'])('answers null for %s', (header) => {
    expect(nextQuery(header)).toBeNull()
  })
})

describe('splitLinks', () => {
  const links = (text: string) => splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []))

  test('keeps every character of the text', () => {
    const text = 'Voir https://exemple.fr/a_(b) et\nhttp://exemple.fr.'
    expect(splitLinks(text).map((part) => part.text).join('')).toBe(text)
  })
  test('leaves punctuation after a link out of it', () => {
    expect(links('(https://exemple.fr/a), https://exemple.fr/b? https://exemple.fr/a_(b)')).toEqual([
      'https://exemple.fr/a',
      'https://exemple.fr/b',
      'https://exemple.fr/a_(b)',
    ])
  })
  test('makes a link of nothing but http and https', () => {
    expect(links('javascript:alert(1) data:text/html,x ftp://a.fr <b>http</b> http://')).toEqual([])
  })
})
