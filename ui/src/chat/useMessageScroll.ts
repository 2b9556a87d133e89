import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'

/** This near to the end counts as the end. */
const endWithin = 60
/** Older messages are fetched before the reader arrives at the top. */
const topWithin = 400

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLOListElement | null>
  isAtEnd: boolean
  onScroll: () => void
  toEnd: () => void
}

/**
 * Keeps what one reads in its place: at the end it follows new messages, elsewhere older
 * ones push in above without a jump. `firstKey` and `lastOwnKey` say which rows are the outermost.
 */
export function useMessageScroll(firstKey: string, lastOwnKey: string, onTop: () => void): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLOListElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const wasAtEnd = useRef(true)
  const before = useRef({ height: 0, firstKey: '', lastOwnKey: '' })
  const reachTop = useEffectEvent(onTop)

  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
    wasAtEnd.current = true
    setIsAtEnd(true)
  }, [])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < endWithin
    setIsAtEnd(wasAtEnd.current)
    if (element.scrollTop < topWithin) onTop()
  }, [onTop])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const last = before.current
    const isPrepended = last.firstKey !== '' && last.firstKey !== firstKey
    const hasWritten = last.lastOwnKey !== lastOwnKey
    if (wasAtEnd.current || (hasWritten && !isPrepended)) element.scrollTop = element.scrollHeight
    else if (isPrepended) element.scrollTop += element.scrollHeight - last.height
    before.current = { height: element.scrollHeight, firstKey, lastOwnKey }
  }, [firstKey, lastOwnKey])

  // What else changes the height: other messages, a keyboard that opens, a composer that grows.
  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    const observer = new ResizeObserver(() => {
      if (wasAtEnd.current) element.scrollTop = element.scrollHeight
      before.current.height = element.scrollHeight
      if (element.scrollHeight <= element.clientHeight) reachTop()
    })
    observer.observe(element)
    observer.observe(content.current)
    return () => {
      observer.disconnect()
    }
  }, [])

  return { scroller, content, isAtEnd, onScroll, toEnd }
}
