import { LoaderCircle, MessagesSquare } from 'lucide-react'
import { useTranslation } from '../i18n/useTranslation'
import { lazily } from '../lib/lazily'
import { type Place, placeKey } from '../lib/place'
import { PaneHeading } from '../parts/PaneHeading'
import type { AbsentConversationProps } from './AbsentConversation'

export const AbsentConversation = lazily(() => import('./AbsentConversation').then((module) => module.AbsentConversation))

interface NoConversationProps extends Omit<AbsentConversationProps, 'place'> {
  /** The one that was selected. */
  place: Place | null
  /** It isn't one of the user's, or doesn't exist. */
  isAbsent: boolean
}

/** Shown instead of a conversation: none is selected, it is loading, or it isn't, or is no longer, one of the user's. */
export function NoConversation({ place, isAbsent, ...props }: NoConversationProps) {
  const { t } = useTranslation()
  if (place === null) {
    return (
      <div className="pane pane-note">
        <MessagesSquare size={40} strokeWidth={1.5} aria-hidden="true" />
        <PaneHeading>{t('chat.noSelection')}</PaneHeading>
        <span>{t('chat.noSelectionHint')}</span>
      </div>
    )
  }
  if (isAbsent) return <AbsentConversation key={placeKey(place)} place={place} {...props} />
  return (
    <div className="pane pane-note">
      <LoaderCircle className="spinner" size={28} aria-hidden="true" />
      {t('app.loading')}
    </div>
  )
}
