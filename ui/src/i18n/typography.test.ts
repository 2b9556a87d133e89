import { withFrenchSpacesInTexts } from './typography'

test('no line of a French text begins with a sign', () => {
  expect(withFrenchSpacesInTexts(`  name: 'Voici « {{name}} » : est-ce lui ? Oui ! Non ; à 12:30',`)).toBe(
    `  name: 'Voici «\u00a0{{name}}\u00a0»\u00a0: est-ce lui\u00a0? Oui\u00a0! Non\u00a0; à 12:30',`,
  )
})

test('what isn’t a text stays as it is', () => {
  const source = `/** That : this ? */\nconst one = a ? b : c\nexport const fr = { 'a ?': 'b' } as const`
  expect(withFrenchSpacesInTexts(source)).toBe(source)
})
