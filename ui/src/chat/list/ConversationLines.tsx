import { useVirtualizer } from '@tanstack/react-virtual'
import { Ellipsis } from 'lucide-react'
import { memo, type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { isSamePlace, type Place, placeKey, placeOfNumber } from '../../lib/place'
import { rangeWith } from '../../lib/virtualRange'
import { typingText } from '../../parts/TypingIndicator'
import type { Conversation, Id } from '../../protocol/resources'
import type { Outgoing } from '../state/chatState'
import { placeOf } from '../state/contacts'
import { typingNames, type Typist } from '../state/conversations'
import { useWaitingDraft } from '../state/useDraft'
import { ConversationItem, type ConversationItemProps } from './ConversationItem'

interface ConversationLinesProps {
  /** The scroll container of the lines. */
  scroller: RefObject<HTMLDivElement | null>
  conversations: Conversation[]
  /** Whether there are no more pages. */
  isComplete: boolean
  userId: Id
  selected: Place | null
  typists: Typist[]
  outgoing: Outgoing[]
  onSelect: (place: Place) => void
}

/** The height of a line in `lines.css`, until one is measured: it depends on the font size. */
const usualHeight = 61
/** How many lines are rendered on either side of the visible ones. */
const overscan = 2

/**
 * Only the lines near the viewport are rendered: otherwise a message that moves one of three
 * hundred to the top would make the browser move all the others.
 */
export function ConversationLines(props: ConversationLinesProps) {
  const { scroller, conversations, isComplete, userId, selected, typists, outgoing, onSelect } = props
  const { t } = useTranslation()
  // The line that has the focus, or gets it back, stays rendered when scrolled away.
  const [focused, setFocused] = useState<string | null>(null)
  const keptKey = selected ? placeKey(selected) : focused
  const [height, firstLine] = useLineHeight()
  const kept = conversations.findIndex((one) => keyOf(one) === keptKey)

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const lines = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => keyOf(conversations[index]) ?? index,
    estimateSize: () => height,
    overscan,
    rangeExtractor: (range) => rangeWith(range, kept),
    // A jump renders its lines in one task and paints them in the next, instead of both in one.
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
        const line = target.closest<HTMLElement>('[data-place]')
        if (line) setFocused(line.dataset.place ?? null)
      }}
    >
      {lines.getVirtualItems().map(({ index, start, key }, order) => {
        const conversation = conversations[index]
        if (!conversation) return null
        const place = placeOf(conversation)
        const last = lastWritten(outgoing, place, conversation.last_message !== null)
        return (
          <li
            key={key}
            ref={order === 0 ? firstLine : undefined}
            data-place={placeKey(place)}
            aria-posinset={index + 1}
            aria-setsize={isComplete ? conversations.length : -1}
            style={{ insetBlockStart: start }}
          >
            <Line
              conversation={conversation}
              userId={userId}
              isSelected={isSamePlace(place, selected)}
              written={last}
              unsent={unsentIn(outgoing, place)}
              typing={typingText(t, typingNames(typists, conversation))}
              onSelect={onSelect}
            />
          </li>
        )
      })}
    </ul>
  )
}

/** Memoised, because the list is rendered at each change of the chat. Reads the draft itself, so that a change of it doesn't render the list. */
const Line = memo(function Line({ onSelect, ...props }: Omit<ConversationItemProps, 'onSelect'> & Pick<ConversationLinesProps, 'onSelect'>) {
  const key = placeKey(placeOf(props.conversation))
  const draft = useWaitingDraft({ userId: props.userId, place: placeOf(props.conversation) }, props.isSelected)
  const select = useCallback(() => {
    onSelect(placeOfNumber(Number(key)))
  }, [key, onSelect])
  return (
    <>
      <ConversationItem {...props} draft={draft} onSelect={select} />
      {/* For the pointer: the keyboard and touch open the menu on the line itself. */}
      <button type="button" className="icon-button is-small line-menu" tabIndex={-1} aria-hidden="true">
        <Ellipsis size={16} />
      </button>
    </>
  )
})

/** All lines have the same height: one is measured for all, and again when the font size changes. */
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

function keyOf(conversation: Conversation | undefined): string | undefined {
  return conversation && placeKey(placeOf(conversation))
}

/** The one that stands for the conversation. A refused one has a mark of its own; a scheduled one isn't in it yet. */
function lastWritten(outgoing: readonly Outgoing[], place: Place, hasOthers: boolean): Outgoing | undefined {
  return outgoing.findLast((one) => isSamePlace(one.place, place) && (!hasOthers || (one.delivery.status !== 'failed' && !one.deliverAt)))
}

function unsentIn(outgoing: readonly Outgoing[], place: Place): number {
  return outgoing.filter((one) => isSamePlace(one.place, place) && one.delivery.status === 'failed').length
}
