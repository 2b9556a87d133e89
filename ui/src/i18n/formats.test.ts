import { listFormat, numberFormat } from './formats'

test('one is created for each language and form', () => {
  expect(listFormat('fr')).toBe(listFormat('fr'))
  expect(listFormat('fr').format(['a', 'b'])).toBe('a et b')
  expect(listFormat('en').format(['a', 'b'])).toBe('a and b')
  expect(listFormat('fr', { type: 'disjunction' }).format(['a', 'b'])).toBe('a ou b')
  expect(numberFormat('fr', { style: 'percent' })).toBe(numberFormat('fr', { style: 'percent' }))
  expect(numberFormat('fr', { style: 'percent' }).format(0.5)).not.toBe(numberFormat('fr').format(0.5))
})
