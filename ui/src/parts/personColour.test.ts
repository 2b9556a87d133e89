import { colourAmong, colourOf } from './personColour'

const people = (...ids: number[]) => ids.map((id) => ({ id }))

test('no two people of a group have the same colour, whatever their ids and their order', () => {
  const ids = [3, 15, 27, 4, 16, 100, 112, 124, 11, 23]
  const colours = ids.map((id) => colourAmong(id, people(...ids)))
  expect(new Set(colours).size).toBe(ids.length)
  expect(ids.map((id) => colourAmong(id, people(...ids.toReversed())))).toEqual(colours)
})

test('somebody whose colour is free has the one they have everywhere', () => {
  expect(colourAmong(5, people(5, 6, 18))).toBe(colourOf(5))
})

test('with more people than colours, everybody has their own', () => {
  const many = people(...Array.from({ length: 30 }, (_, index) => index + 1))
  expect(colourAmong(17, many)).toBe(colourOf(17))
  expect(colourAmong(99, people(1, 2))).toBe(colourOf(99))
})
