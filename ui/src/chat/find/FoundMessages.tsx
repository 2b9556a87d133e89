import { useState } from 'react'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id } from '../../protocol/resources'
import type { ChatState } from '../state/chatState'
import { type Choice, FindFilters, startOf } from './FindFilters'
import { FoundMessage } from './FoundMessage'
import { type FoundMessages as Found, useFoundMessages } from './useFoundMessages'

addLaterTexts()

interface FoundMessagesProps {
  query: string
  state: ChatState
  /** The only conversation that is searched; null for all. */
  within: Id | null
  /** The open conversation, and the message that is shown in it. */
  shownId: Id | undefined
  shownMessageId: Id | undefined
  onWithin: (conversationId: Id | null) => void
  onOpen: (conversationId: Id, messageId: Id) => void
}

const anything: Choice = { period: 'any', senderId: null, has: undefined }

/** The messages found by a search, below the conversations and the people. */
export function FoundMessages({ query, state, within, shownId, shownMessageId, onWithin, onOpen }: FoundMessagesProps) {
  const { t } = useTranslation()
  const { userId, conversations, revised, link } = state
  const today = useToday()
  const [choice, setChoice] = useState(anything)
  const { period, ...filters } = choice
  const found = useFoundMessages(query, { ...filters, conversationId: within, since: startOf(period, today) }, { edits: revised.edits, epoch: link.status === 'open' ? link.epoch : 0 })
  const items = found.items.filter(({ message }) => !revised.deleted.includes(message.id))
  // Others may not take part in another conversation.
  const choose = (conversationId: Id | null) => {
    if (choice.senderId !== userId) setChoice({ ...choice, senderId: null })
    onWithin(conversationId)
  }
  return (
    <section aria-label={t('find.messages')} className="found">
      <h2 className="list-heading">{t('find.messages')}</h2>
      <FindFilters
        userId={userId}
        within={within === null ? null : { id: within, conversation: conversations[within] }}
        shownId={shownId}
        choice={choice}
        onWithin={choose}
        onChoice={setChoice}
      />
      <ul>
        {items.map((one) => (
          <li key={one.message.id}>
            <FoundMessage
              found={one}
              conversation={conversations[one.conversation_id]}
              userId={userId}
              isCurrent={one.message.id === shownMessageId}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
      <State query={query} found={{ ...found, items }} />
    </section>
  )
}

/** What else there is to say about the results, and the button for more of them. */
function State({ query, found }: { query: string; found: Found }) {
  const { t } = useTranslation()
  const { items, next, progress, more } = found
  return (
    <>
      <p className="list-note" role="status" aria-label={t('find.results')}>
        {progress.status === 'idle' && t('find.hint')}
        {progress.status === 'searching' && t('list.searching')}
        {progress.status === 'failed' && errorText(t, progress.code)}
        {progress.status === 'ready' && items.length === 0 && next === null && (query ? t('find.none', { query }) : t('find.noLink'))}
        {progress.status === 'ready' && items.length > 0 && <span className="visually-hidden">{t('create.count', { count: items.length })}</span>}
      </p>
      {progress.status === 'failed' && (
        <button type="button" className="text-button list-more" onClick={more}>
          {t('app.retry')}
        </button>
      )}
      {progress.status === 'ready' && next !== null && (
        <button type="button" className="text-button list-more" onClick={more}>
          {t('find.more')}
        </button>
      )}
    </>
  )
}
