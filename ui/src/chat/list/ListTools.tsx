import { type Dispatch, useEffect, useEffectEvent, useRef, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import type { ConversationChange } from '../../actions/messagerieAction'
import { addLaterTexts } from '../../i18n/later'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import type { ChatState } from '../state/chatState'
import { ArchivedNote } from './ArchivedNote'
import { FilterMenu } from './FilterMenu'
import { LineMenu } from './LineMenu'
import { useLineMenu } from './useLineMenu'
import type { ListFilter } from './useListed'

addLaterTexts()

export interface ListToolsProps {
  state: ChatState
  filter: ListFilter
  /** The open conversation. */
  shownId: Id | undefined
  dispatch: Dispatch<ChatEvent>
  onFilter: (filter: ListFilter) => void
  onChange: (id: Id, change: ConversationChange) => Promise<void>
  onRead: (id: Id, messageId: Id) => void
  /** Closes the open conversation. */
  onClose: () => void
}

/** The list's filter, and the menus of its lines. */
export function ListTools({ state, filter, shownId, dispatch, onFilter, onChange, onRead, onClose }: ListToolsProps) {
  const [button, setButton] = useState<HTMLButtonElement | null>(null)
  const [line, setLine] = useState<HTMLElement | null>(null)
  const [archivedId, setArchivedId] = useState<Id | null>(null)
  const change = (id: Id, wanted: ConversationChange) => {
    onChange(id, wanted).catch((error: unknown) => {
      dispatch({ type: 'noticed', code: errorCode(error) })
    })
  }
  useLineMenu(button, setLine)
  // It may have been taken out again elsewhere.
  const isArchived = archivedId !== null && state.conversations[archivedId]?.archived === true
  const list = button?.closest<HTMLElement>('.list')
  useOpened(state, shownId, (id) => {
    onChange(id, { marked_unread: false }).catch(() => undefined)
  })
  // A line that was scrolled away has no menu, nor has a person without a conversation.
  const conversation = line ? state.conversations[Number(line.dataset.place)] : undefined
  const id = conversation?.conversation_id ?? 0
  return (
    <>
      <FilterMenu button={button} onButton={setButton} filter={filter} onFilter={onFilter} />
      {isArchived && list && (
        <ArchivedNote
          key={archivedId}
          list={list}
          onUndo={() => {
            change(archivedId, { archived: false })
            setArchivedId(null)
            // Its button is removed.
            button?.focus()
          }}
          onClose={() => {
            setArchivedId(null)
          }}
        />
      )}
      {line && conversation && (
        <LineMenu
          line={line}
          conversation={conversation}
          onChange={(wanted) => {
            change(id, wanted)
            if (wanted.archived !== undefined) setArchivedId(wanted.archived ? id : null)
          }}
          onRead={() => {
            if (conversation.unread_count > 0 && conversation.last_message) onRead(id, conversation.last_message.id)
            else change(id, { marked_unread: false })
          }}
          onUnread={() => {
            if (id === shownId) onClose()
            change(id, { marked_unread: true })
          }}
          focusAfter={() => button}
          onClose={() => {
            setLine(null)
          }}
        />
      )}
    </>
  )
}

/** Calls `onOpened` once for each time that a conversation is opened that is marked as unread. */
function useOpened({ conversations, link }: ChatState, shownId: Id | undefined, onOpened: (id: Id) => void): void {
  const handled = useRef<Id | undefined>(undefined)
  const opened = useEffectEvent(onOpened)
  const isKnown = shownId !== undefined && conversations[shownId] !== undefined && link.status === 'open'
  const isMarked = isKnown && conversations[shownId]?.marked_unread === true
  useEffect(() => {
    if (shownId === undefined) handled.current = undefined
    if (!isKnown || handled.current === shownId) return
    handled.current = shownId
    if (isMarked) opened(shownId)
  }, [shownId, isKnown, isMarked])
}
