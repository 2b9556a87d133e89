import { conversationIn, isSamePlace, personIn, placeKey, placeNumber, placeOfNumber } from './place'

test('a conversation and a person with the same id are two places', () => {
  expect(isSamePlace({ conversation: 7 }, { person: 7 })).toBe(false)
  expect(placeKey({ conversation: 7 })).not.toBe(placeKey({ person: 7 }))
  expect(isSamePlace({ person: 7 }, { person: 7 })).toBe(true)
  expect(isSamePlace(null, { person: 7 })).toBe(false)
  expect(isSamePlace(null, null)).toBe(true)
})

test('a place has only one of the two ids', () => {
  expect([conversationIn({ conversation: 7 }), personIn({ conversation: 7 })]).toEqual([7, null])
  expect([conversationIn({ person: 7 }), personIn({ person: 7 })]).toEqual([null, 7])
  expect([conversationIn(null), personIn(null)]).toEqual([null, null])
})

// Drafts and unsent messages are stored on devices under these numbers.
test.each([
  [{ conversation: 7 }, 7],
  [{ person: 3 }, -3],
] as const)('%j is stored as %i', (place, stored) => {
  expect(placeNumber(place)).toBe(stored)
  expect(placeOfNumber(stored)).toEqual(place)
})
