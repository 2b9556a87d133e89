import { renderHook } from '@testing-library/react'
import { indexOf } from '../../lib/searchText'
import { aConversation, claire, elodie } from '../../testing/factories'
import { searchWords } from '../state/conversations'
import { usePreparedSearch } from './usePreparedSearch'

jest.mock('../../lib/searchText', () => ({ indexOf: jest.fn((text: string) => [text]) }))

beforeEach(() => {
  jest.useFakeTimers()
  jest.mocked(indexOf).mockClear()
})
afterEach(() => {
  jest.useRealTimers()
})

const fifty = () =>
  Array.from({ length: 50 }, (_, index) => aConversation({ conversation_id: index + 1, participants: [claire, { ...elodie, id: 100 + index }] }))

test('the names are split a few at a time, and are ready when the first letter is typed', () => {
  const conversations = fifty()
  renderHook(() => { usePreparedSearch(conversations, claire.id) })
  const counts = [0, 1, 2, 3].map(() => {
    const count = jest.mocked(indexOf).mock.calls.length
    jest.advanceTimersToNextTimer()
    return count
  })
  expect(counts).toEqual([0, 20, 40, 50])
  for (const one of conversations) searchWords(one, claire.id)
  expect(indexOf).toHaveBeenCalledTimes(50)
})

test('nothing is split for an unmounted list', () => {
  const conversations = fifty()
  const { unmount } = renderHook(() => { usePreparedSearch(conversations, claire.id) })
  unmount()
  jest.runAllTimers()
  expect(indexOf).not.toHaveBeenCalled()
})
