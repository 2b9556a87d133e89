import { nextQuery } from './linkHeader'

describe('nextQuery', () => {
  test('finds the next page among other links', () => {
    expect(nextQuery('</a?x=1>; rel="prev", <https://school.example/api/m/7/?after=9&limit=200>; rel="next"')).toBe('after=9&limit=200')
  })
  test.each([null, '', '</a?x=1>; rel="prev"', '</a>; rel="next"', '</a?x=1>; rel="nextish"'])('returns null for %s', (header) => {
    expect(nextQuery(header)).toBeNull()
  })
})
