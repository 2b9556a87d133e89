import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import type { Conversation, Id } from '../protocol'
import type { Outgoing, Typist } from './chatState'
import { ConversationItem, type ConversationItemProps } from './ConversationItem'
import { typingNames } from './conversations'
import { typingText } from './TypingIndicator'
import { useWaitingDraft } from './useDraft'
import { rangeWith } from './virtualRange'

interface ConversationLinesProps {
  /** What the lines scroll in. */
  scroller: RefObject<HTMLDivElement | null>
  conversations: Conversation[]
  /** Whether there are no others further down. */
  isComplete: boolean
  userId: Id
  selectedId: Id | null
  typists: Typist[]
  outgoing: Outgoing[]
  onSelect: (conversationId: Id) => void
}

/** Of a line as `list.css` has it, until one tells: it grows with the letters. */
const usualHeight = 78
/** So many lines stand in the page on either side of those one sees. */
const overscan = 2

/**
 * The lines near to what one sees: a message that brings one of three hundred to the top
 * would have a browser move all the others.
 */
export function ConversationLines(props: ConversationLinesProps) {
  const { scroller, conversations, isComplete, userId, selectedId, typists, outgoing, onSelect } = props
  const { t } = useTranslation()
  // The line that has the focus, or gets it back, stays in the page wherever one scrolls.
  const [focusedId, setFocusedId] = useState<Id | null>(null)
  const keptId = selectedId ?? focusedId
  const [height, firstLine] = useLineHeight()
  const kept = conversations.findIndex((one) => one.conversation_id === keptId)

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const lines = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => conversations[index]?.conversation_id ?? index,
    estimateSize: () => height,
    overscan,
    rangeExtractor: (range) => rangeWith(range, kept),
    // A leap renders its lines in one task and shows them in the next, instead of both in one.
    useFlushSync: false,
  })
  const usedHeight = useRef(height)
  useLayoutEffect(() => {
    if (usedHeight.current !== height) lines.measure()
    usedHeight.current = height
  }, [lines, height])

  return (
    <ul
      className="conversations"
      aria-label={t('chat.conversations')}
      style={{ height: lines.getTotalSize() }}
      onFocus={({ target }) => {
        const line = target.closest<HTMLElement>('[data-conversation]')
        if (line) setFocusedId(Number(line.dataset.conversation))
      }}
    >
      {lines.getVirtualItems().map(({ index, start, key }, place) => {
        const conversation = conversations[index]
        return (
          conversation && (
            <li
              key={key}
              ref={place === 0 ? firstLine : undefined}
              aria-posinset={index + 1}
              aria-setsize={isComplete ? conversations.length : -1}
              style={{ insetBlockStart: start }}
            >
              <Line
                conversation={conversation}
                userId={userId}
                isSelected={conversation.conversation_id === selectedId}
                written={outgoing.findLast((one) => one.conversationId === conversation.conversation_id)?.content}
                unsent={unsentIn(outgoing, conversation.conversation_id)}
                typing={typingText(t, typingNames(typists, conversation))}
                onSelect={onSelect}
              />
            </li>
          )
        )
      })}
    </ul>
  )
}

/** Knows the draft by itself: the list isn't rendered for it. */
function Line(props: ConversationItemProps) {
  const draft = useWaitingDraft({ userId: props.userId, conversationId: props.conversation.conversation_id }, props.isSelected)
  return <ConversationItem {...props} draft={draft} />
}

/** All lines are of one height: one is measured for all, and again when the size of the letters changes. */
function useLineHeight(): [height: number, line: (line: HTMLElement | null) => (() => void) | undefined] {
  const [height, setHeight] = useState(usualHeight)
  const line = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      const measured = entry?.borderBoxSize[0]?.blockSize ?? 0
      if (measured > 0) setHeight(measured)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [])
  return [height, line]
}

function unsentIn(outgoing: readonly Outgoing[], conversationId: Id): number {
  return outgoing.filter((one) => one.conversationId === conversationId && one.delivery.status === 'failed').length
}
