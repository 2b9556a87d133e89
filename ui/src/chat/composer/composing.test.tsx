import { act, renderHook } from '@testing-library/react'
import { useDraft } from '../state/useDraft'
import { useTypingSignal } from './useTypingSignal'

describe('useDraft', () => {
  const draft = (userId: number, conversationId: number) => renderHook(() => useDraft({ userId, place: { conversation: conversationId } }))

  test('survives a reload and never crosses conversations or accounts', () => {
    const { result, unmount } = draft(1, 7)
    act(() => {
      result.current[1]('commencé')
    })
    unmount()
    expect(draft(1, 7).result.current[0]).toBe('commencé')
    expect(draft(1, 8).result.current[0]).toBe('')
    expect(draft(2, 7).result.current[0]).toBe('')
  })

  test('leaves nothing behind once it is empty', () => {
    const { result } = draft(1, 7)
    act(() => {
      result.current[1]('x')
    })
    act(() => {
      result.current[1]('')
    })
    expect(localStorage).toHaveLength(0)
  })

  test('works without storage', () => {
    jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const { result } = draft(1, 7)
    act(() => {
      result.current[1]('tenu')
    })
    expect(result.current[0]).toBe('tenu')
  })

  test('lasts as long as the page if the storage can’t be written or read', () => {
    const forbidden = () => {
      throw new DOMException('forbidden', 'SecurityError')
    }
    for (const method of ['getItem', 'setItem', 'removeItem'] as const) jest.spyOn(Storage.prototype, method).mockImplementation(forbidden)
    const { result, unmount } = draft(1, 7)
    act(() => {
      result.current[1]('commencé')
    })
    unmount()
    const again = draft(1, 7)
    expect(again.result.current[0]).toBe('commencé')
    act(() => {
      again.result.current[1]('')
    })
    again.unmount()
    expect(draft(1, 7).result.current[0]).toBe('')
  })
})

describe('useTypingSignal', () => {
  const sent: string[] = []
  const socket = {
    sendTypingStart: (id: number) => sent.push(`start ${id}`),
    sendTypingStop: (id: number) => sent.push(`stop ${id}`),
  }
  beforeEach(() => {
    sent.length = 0
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test('starts at most every 2.5 s and stops once', () => {
    const { result } = renderHook(() => useTypingSignal(7, socket))
    for (let key = 0; key < 30; key++) {
      result.current.typed()
      jest.advanceTimersByTime(100)
    }
    result.current.stopped()
    result.current.stopped()
    expect(sent).toEqual(['start 7', 'start 7', 'stop 7'])
  })

  test('stops in a conversation that is left', () => {
    const { result, rerender, unmount } = renderHook(({ id }) => useTypingSignal(id, socket), { initialProps: { id: 7 } })
    result.current.typed()
    rerender({ id: 8 })
    expect(sent).toEqual(['start 7', 'stop 7'])
    result.current.typed()
    unmount()
    expect(sent).toEqual(['start 7', 'stop 7', 'start 8', 'stop 8'])
  })
})
