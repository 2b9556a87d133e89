import { type Dispatch, useEffect, useEffectEvent, useRef, useState } from 'react'
import { errorCode, isKept, type Page } from '../../actions/apiCall'
import { fetchConversations } from '../../actions/messagerieAction'
import type { Conversation } from '../../protocol/resources'
import { asking } from './asking'
import type { ChatEvent } from './chatEvent'
import type { ChatState } from './chatState'
import { isAtOrAbove, type ListPosition } from './conversations'

/** Several lists in a row, as while a school's people are imported, are followed by one fetch. */
const pause = 5_000
/** The server's longest page. */
const longestPage = 200

/** Fetches the list from its top: at the start, and again as far as it is loaded when it may be out of date. */
export function useListTop(state: ChatState, dispatch: Dispatch<ChatEvent>, isAdrift: boolean): void {
  const { userId, list, link, isTailStale } = state
  const isUnderWay = useRef(false)
  // Incremented after each one.
  const [turn, setTurn] = useState(0)

  const fetchTop = async (request: number) => {
    const { loadedTo } = state
    const conversations: Conversation[] = []
    let next: string | null = null
    let wasKept = false
    do {
      const page: Page<Conversation> = await fetchConversations(userId, next ? { page: next } : loadedTo ? { limit: longestPage } : {})
      wasKept ||= isKept(page)
      conversations.push(...page)
      next = page.next
    } while (next && loadedTo && !isDownTo(loadedTo, conversations.at(-1)))
    dispatch({ type: 'listLoaded', conversations, next, page: null, request, isKept: wasKept })
  }
  const load = useEffectEvent(async () => {
    if (isUnderWay.current) return
    isUnderWay.current = true
    try {
      await asking(dispatch, fetchTop)
    } catch (error) {
      dispatch({ type: 'listFailed', code: errorCode(error) })
    } finally {
      isUnderWay.current = false
      setTurn((count) => count + 1)
    }
  })

  useEffect(() => {
    void load()
  }, [userId])

  // No link, and nothing shown yet: this device's cache may have a response.
  const isWithoutAny = isAdrift && list.status === 'loading'
  useEffect(() => {
    if (isWithoutAny) void load()
  }, [isWithoutAny])

  const isDue = isTailStale && link.status === 'open'
  useEffect(() => {
    if (!isDue) return
    const timer = window.setTimeout(() => void load(), pause)
    return () => {
      window.clearTimeout(timer)
    }
  }, [isDue, turn])
}

function isDownTo(position: ListPosition, last: Conversation | undefined): boolean {
  return !last || isAtOrAbove(position, last)
}
