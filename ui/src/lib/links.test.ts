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
  test.each([
    ['(voir https://x.fr.)', 'https://x.fr'],
    ['[https://x.fr/page]', 'https://x.fr/page'],
    ['[https://x.fr/liste[2]]', 'https://x.fr/liste[2]'],
    ['https://fr.wikipedia.org/wiki/Paris_(Texas).', 'https://fr.wikipedia.org/wiki/Paris_(Texas)'],
    ['(https://fr.wikipedia.org/wiki/Paris_(Texas))', 'https://fr.wikipedia.org/wiki/Paris_(Texas)'],
    ['هل رأيت https://x.fr/page؟', 'https://x.fr/page'],
    ['https://x.fr/page، ثم', 'https://x.fr/page'],
    ['voir www.college.fr/menu.', 'https://www.college.fr/menu'],
    ['écrire à vie.scolaire+6b@ac-lyon.fr.', 'mailto:vie.scolaire+6b@ac-lyon.fr'],
    ['(élodie@exemple.fr)', 'mailto:élodie@exemple.fr'],
    ['https://x.fr/a?b=c&d=e#f!', 'https://x.fr/a?b=c&d=e#f'],
    ['https://claire@exemple.fr/x', 'https://claire@exemple.fr/x'],
  ])('in "%s" finds %s', (text, href) => {
    expect(links(text)).toEqual([href])
    expect(splitLinks(text).map((part) => part.text).join('')).toBe(text)
  })
  test.each(['www.', 'www..', 'à 8h@', '@claire', 'a@b', 'www', 'awww.x.fr', '6e@ 5e'])('finds none in "%s"', (text) => {
    expect(links(text)).toEqual([])
  })
  test('takes a long text in a moment', () => {
    expect(links('a.'.repeat(5_000))).toEqual([])
    expect(links(`https://x.fr/${')'.repeat(9_000)}`)).toEqual(['https://x.fr/'])
  })
  test('makes no link of other schemes', () => {
    expect(links('javascript:alert(1) data:text/html,x ftp://a.fr <b>http</b> http://')).toEqual([])
  })
})
