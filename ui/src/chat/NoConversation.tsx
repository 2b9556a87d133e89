import { LoaderCircle } from 'lucide-react'
import { useTranslation } from '../i18n/useTranslation'
import { lazily } from '../lib/lazily'
import { type Place, placeKey } from '../lib/place'
import { phoneQuery, useMediaQuery } from '../lib/useMediaQuery'
import type { AbsentConversationProps } from './AbsentConversation'
import type { HomePaneProps } from './HomePane'

export const AbsentConversation = lazily(() => import('./AbsentConversation').then((module) => module.AbsentConversation))

const HomePane = lazily(() => import('./HomePane').then((module) => module.HomePane))

interface NoConversationProps extends Omit<AbsentConversationProps, 'place'> {
  home: HomePaneProps
  /** The one that was selected. */
  place: Place | null
  /** It isn't one of the user's, or doesn't exist. */
  isAbsent: boolean
}

/** Shown instead of a conversation: none is selected, it is loading, or it isn't, or is no longer, one of the user's. */
export function NoConversation({ place, isAbsent, home, ...props }: NoConversationProps) {
  const { t } = useTranslation()
  // A phone shows the list instead.
  const isPhone = useMediaQuery(phoneQuery)
  if (place === null) return <div className="pane pane-note">{!isPhone && <HomePane {...home} />}</div>
  if (isAbsent) return <AbsentConversation key={placeKey(place)} place={place} {...props} />
  return (
    <div className="pane pane-note">
      <LoaderCircle className="spinner" size={28} aria-hidden="true" />
      {t('app.loading')}
    </div>
  )
}
