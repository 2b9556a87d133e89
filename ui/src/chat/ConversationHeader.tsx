import { ArrowLeft, BellOff, Info, Search } from 'lucide-react'
import { Fragment } from 'react'
import { personDescription } from '../i18n/personDescription'
import { fullName } from '../i18n/personName'
import { useTranslation } from '../i18n/useTranslation'
import { Avatar } from '../parts/Avatar'
import { PaneHeading } from '../parts/PaneHeading'
import type { Conversation, Id } from '../protocol/resources'
import { othersOf } from './state/conversations'

interface ConversationHeaderProps {
  conversation: Conversation
  userId: Id
  name: string
  onBack: () => void
  /** Absent if there is no conversation yet, like `onDetails`. */
  onFind?: (() => void) | undefined
  onDetails?: (() => void) | undefined
}

export function ConversationHeader({ conversation, userId, name, onBack, onFind, onDetails }: ConversationHeaderProps) {
  const { t } = useTranslation()
  const isGroup = conversation.kind === 'group'
  const others = othersOf(conversation, userId)
  const [other] = others
  const count = isGroup ? t('chat.people', { count: conversation.participant_count }) : ''
  const members = isGroup ? others : []
  const comma = t('person.comma')
  return (
    <header className="pane-header">
      <button type="button" className="icon-button back-button" aria-label={t('chat.back')} onClick={onBack}>
        <ArrowLeft size={20} aria-hidden="true" />
      </button>
      <Avatar id={isGroup ? conversation.conversation_id : (other?.id ?? 0)} name={name} isGroup={isGroup} />
      <div className="pane-title">
        <PaneHeading dir="auto">{name}</PaneHeading>
        <p title={isGroup ? [count, members.map(fullName).join(comma)].filter(Boolean).join(' · ') : other && personDescription(other, true)}>
          {isGroup ? count : other && personDescription(other)}
          {/* Their order follows the page's direction; each has its own. */}
          {members.map((person, index) => (
            <Fragment key={person.id}>
              {index === 0 ? ' · ' : comma}
              <bdi>{fullName(person)}</bdi>
            </Fragment>
          ))}
        </p>
      </div>
      {conversation.muted && (
        <span className="conversation-muted" title={t('list.muted')}>
          <BellOff size={16} aria-hidden="true" />
          <span className="visually-hidden">{t('list.muted')}</span>
        </span>
      )}
      {onFind && (
        <button type="button" className="icon-button" aria-label={t('list.searchHere')} title={t('list.searchHere')} onClick={onFind}>
          <Search size={20} aria-hidden="true" />
        </button>
      )}
      {onDetails && (
        <button type="button" className="icon-button" aria-haspopup="dialog" aria-label={t('details.title')} title={t('details.title')} onClick={onDetails}>
          <Info size={20} aria-hidden="true" />
        </button>
      )}
    </header>
  )
}
