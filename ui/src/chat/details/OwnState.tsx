import { Archive, BellOff, Mail, Pin } from 'lucide-react'
import { startTransition, useOptimistic } from 'react'
import type { ConversationChange } from '../../actions/messagerieAction'
import type { Language } from '../../i18n/i18n'
import { whenText } from '../../i18n/schedule/whenText'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation } from '../../protocol/resources'
import { muteDurations, muteFor } from '../state/muteEnds'

addLaterTexts()

interface OwnStateProps {
  conversation: Conversation
  onChange: (change: ConversationChange) => Promise<unknown>
  /** Marks it as unread, which closes it. */
  onUnread: () => void
}

/** What the conversation is to the user alone: muted, for how long; pinned, archived, unread. */
export function OwnState({ conversation, onChange, onUnread }: OwnStateProps) {
  const { t, i18n } = useTranslation()
  const { pinned = false, archived = false, muted_until: until } = conversation
  const [isMuted, showMuted] = useOptimistic(conversation.muted)
  const mute = (muted: boolean, change: ConversationChange) => {
    startTransition(async () => {
      showMuted(muted)
      await onChange(change)
    })
  }
  // An older server knows a mute without end only.
  const isOlder = conversation.pinned === undefined
  return (
    <>
      <label className="switch">
        <BellOff size={18} aria-hidden="true" />
        <span>
          <strong>{t('details.mute')}</strong>
          <span>{isMuted && until ? t('own.until', { when: whenText(i18n.language as Language, until, undefined) }) : t('details.muteHint')}</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="switch-control"
          aria-label={t('details.mute')}
          checked={isMuted}
          onChange={(event) => {
            mute(event.target.checked, { muted: event.target.checked })
          }}
        />
      </label>
      {!isOlder && isMuted && (
        <div className="own-state" role="group" aria-label={t('own.mute')}>
          {muteDurations.map((duration) => (
            <button key={duration} type="button" className="button" onClick={() => { mute(true, muteFor(duration)) }}>
              {t(`own.${duration}`)}
            </button>
          ))}
        </div>
      )}
      {!isOlder && (
        <div className="own-state" role="group" aria-label={t('own.menu')}>
          <button type="button" className="button" onClick={() => void onChange({ pinned: !pinned })}>
            <Pin size={16} aria-hidden="true" />
            {t(pinned ? 'own.unpin' : 'own.pin')}
          </button>
          <button type="button" className="button" onClick={onUnread}>
            <Mail size={16} aria-hidden="true" />
            {t('own.markUnread')}
          </button>
          <button type="button" className="button" onClick={() => void onChange({ archived: !archived })}>
            <Archive size={16} aria-hidden="true" />
            {t(archived ? 'own.unarchive' : 'own.archive')}
          </button>
        </div>
      )}
    </>
  )
}
