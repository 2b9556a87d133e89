import { CircleAlert, MessagesSquare, Plus, Search, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'
import { isComposing } from '../../lib/isComposing'
import { lazily } from '../../lib/lazily'
import { isSamePlace, type Place, placeKey } from '../../lib/place'
import { matcherOf } from '../../lib/searchText'
import { phoneQuery, useMediaQuery } from '../../lib/useMediaQuery'
import type { Conversation, Id, User } from '../../protocol/resources'
import type { ChatState } from '../state/chatState'
import { conversationAt } from '../state/contacts'
import { searchWords } from '../state/conversations'
import type { ContactSearch } from '../state/useContactSearch'
import { ConversationLines } from './ConversationLines'
import { type ListFilter, useListed } from './useListed'
import { areTipsDue } from './tipsSeen'
import { usePreparedSearch } from './usePreparedSearch'

const Tips = lazily(() => import('./Tips').then((module) => module.Tips))
const FilterChip = lazily(() => import('./FilteredNote').then((module) => module.FilterChip))
const FilteredNote = lazily(() => import('./FilteredNote').then((module) => module.FilteredNote))
export const ContactResults = lazily(() => import('./ContactResults').then((module) => module.ContactResults))

interface ConversationListProps {
  state: ChatState
  newContacts: Conversation[]
  selected: Place | null
  query: string
  contacts: ContactSearch
  menu?: ReactNode
  filter: ListFilter
  /** The filter's button and the menus of the lines. */
  tools: ReactNode
  /** Above the lines. */
  note?: ReactNode
  /** Where a search finds nobody. */
  nobodyNote?: ReactNode
  /** The only conversation whose messages are searched; null for a search of everything. */
  within: Id | null
  /** The messages that a search finds. */
  found: ReactNode
  onAll: () => void
  onFilter: (filter: ListFilter) => void
  onQuery: (query: string) => void
  onSelect: (place: Place) => void
  onContact: (person: User) => void
  onCreate: () => void
  onMore: () => void
}

export function ConversationList(props: ConversationListProps) {
  const { state, newContacts, selected, query, filter, contacts, within, onQuery, onSelect, onMore } = props
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const lines = useRef<HTMLDivElement>(null)
  const all = useListed(state, newContacts, selected, query.trim() ? 'search' : filter)
  usePreparedSearch(all, state.userId)
  const isPhone = useMediaQuery(phoneQuery)
  const [areTipsOffered] = useState(areTipsDue)
  const shown = useMemo(() => {
    const matches = matcherOf(query)
    if (within !== null) return []
    return query.trim() ? all.filter((one) => matches(searchWords(one, state.userId))) : all
  }, [all, query, within, state.userId])

  return (
    <nav className="list" aria-label={t('chat.conversations')}>
      <header className="list-header">
        <h1>{t('chat.messages')}</h1>
        <div className="list-actions">
          {props.tools}
          <button type="button" className="icon-button" aria-label={t('create.open')} title={t('create.open')} onClick={props.onCreate}>
            <Plus size={22} aria-hidden="true" />
          </button>
          {props.menu}
        </div>
      </header>
      <div className="search" role="search">
        <Search size={16} aria-hidden="true" />
        <input
          ref={field}
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.searchHint')}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            onQuery(event.target.value)
          }}
          onKeyDown={(event) => {
            if (isComposing(event.nativeEvent)) return
            if (event.key === 'Escape') {
              if (query === '') props.onAll()
              onQuery('')
            }
            const [first] = linesOf(lines.current)
            if (event.key === 'ArrowDown' && first) {
              event.preventDefault()
              first.focus()
            }
            if (event.key === 'Enter' && query.trim() && first) press(event, first)
          }}
        />
        {query && (
          <button
            type="button"
            className="icon-button is-small"
            aria-label={t('list.clear')}
            onClick={() => {
              onQuery('')
              field.current?.focus()
            }}
          >
            <X size={16} aria-hidden="true" />
          </button>
        )}
      </div>
      {filter !== 'all' && <FilterChip filter={filter} onFilter={props.onFilter} />}
      {/* The keys are handled for the lines in it, which are buttons. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        ref={lines}
        className="list-scroll"
        onKeyDown={(event) => {
          const all = linesOf(lines.current)
          const at = all.findIndex((line) => line === document.activeElement)
          const line = all[at]
          if (!line) return
          if (event.key === 'Enter') press(event, line)
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (step === undefined) return
          event.preventDefault()
          const target = at + step < 0 ? field.current : all[at + step]
          target?.focus()
        }}
        onScroll={({ currentTarget: list }) => {
          if (list.scrollHeight - list.scrollTop - list.clientHeight < 300) onMore()
        }}
      >
        {props.note}
        <LostLines state={state} newContacts={newContacts} onSelect={onSelect} />
        <ConversationLines
          scroller={lines}
          conversations={shown}
          isComplete={state.nextPage === null}
          userId={state.userId}
          selected={selected}
          typists={state.typists}
          outgoing={state.outgoing}
          onSelect={onSelect}
        />
        {within === null && query.trim() && (
          <ContactResults query={query.trim()} contacts={contacts} hasConversations={shown.length > 0} hasMore={state.nextPage !== null} onChoose={props.onContact} onBrowse={props.onCreate} nobodyNote={props.nobodyNote} />
        )}
        {within !== null || query.trim() ? (
          props.found
        ) : (
          <>
            <ListEnd state={state} filter={filter} isEmpty={all.length === 0 && state.nextPage === null} onMore={onMore} onCreate={props.onCreate} />
            {/* Elsewhere they are beside the list. After the first conversation has been loaded, as the tools are. */}
            {isPhone && areTipsOffered && filter === 'all' && (props.tools || (all.length === 0 && state.listCount > 0)) && state.nextPage === null && <Tips />}
          </>
        )}
      </div>
    </nav>
  )
}

/** Conversations and contacts, in the order of the screen. */
function linesOf(list: HTMLElement | null): HTMLElement[] {
  return Array.from(list?.querySelectorAll<HTMLElement>('.conversation') ?? [])
}

/** Prevents the key's default, because the opened conversation gets the focus and Enter would break a line in its composer. */
function press(event: KeyboardEvent, line: HTMLElement): void {
  event.preventDefault()
  line.click()
}

/** Lines for unsent texts of conversations that aren't the user's, or aren't loaded, so that they can be found. */
function LostLines({ state, newContacts, onSelect }: Pick<ConversationListProps, 'state' | 'newContacts' | 'onSelect'>) {
  const { t } = useTranslation()
  const lost = state.outgoing.filter((one) => one.delivery.status === 'failed' && !conversationAt(one.place, state.conversations, newContacts))
  if (state.list.status !== 'ready') return null
  const places = new Map(lost.map(({ place }) => [placeKey(place), place]))
  return [...places].map(([key, place]) => (
    <button key={key} type="button" className="lost-line" onClick={() => { onSelect(place) }}>
      <CircleAlert size={18} aria-hidden="true" />
      {t('list.unsent', { count: lost.filter((one) => isSamePlace(one.place, place)).length })}
    </button>
  ))
}

interface ListEndProps {
  state: ChatState
  filter: ListFilter
  isEmpty: boolean
  onMore: () => void
  onCreate: () => void
}

function ListEnd({ state, filter, isEmpty, onMore, onCreate }: ListEndProps) {
  const { t } = useTranslation()
  if (isEmpty && state.list.status === 'loading') {
    return (
      <div className="list-loading">
        <p className="visually-hidden">{t('app.loading')}</p>
        {/* The shapes of lines, so that nothing jumps when they come. */}
        {Array.from({ length: 6 }, (_, index) => (
          <span key={index} aria-hidden="true" />
        ))}
      </div>
    )
  }
  if (isEmpty && state.list.status === 'failed') return <p className="list-note">{errorText(t, state.list.code)}</p>
  if (isEmpty && filter !== 'all') return <FilteredNote filter={filter} />
  if (isEmpty) {
    return (
      <div className="list-note">
        <MessagesSquare size={28} aria-hidden="true" />
        <strong>{t('list.empty')}</strong>
        <span>{t('list.emptyHint')}</span>
        <button type="button" className="button is-primary" onClick={onCreate}>
          {t('list.emptyAction')}
        </button>
      </div>
    )
  }
  if (!state.nextPage) return null
  return (
    <button type="button" className="text-button list-more" onClick={onMore}>
      {t('list.more')}
    </button>
  )
}
