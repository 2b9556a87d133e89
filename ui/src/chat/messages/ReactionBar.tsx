import { Menu } from '@base-ui/react/menu'
import { SmilePlus } from 'lucide-react'
import { addLaterTexts } from '../../i18n/later'
import { useMessageTexts } from '../../i18n/message/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { type BubbleReactions, nameList } from './reactionNames'

addLaterTexts()

/** In their fully-qualified form, as the server stores them. */
const quick = { thumbsUp: '👍', heart: '❤️', laughing: '😂', astonished: '😮', crying: '😢', folded: '🙏' } as const

const quickNames = Object.keys(quick) as (keyof typeof quick)[]

/** The reactions at the top of a message's menu. Below them stands who has reacted, because a phone shows no tooltips. */
export function ReactionBar({ chips, mayReact, isOffline, onReact, onMore }: BubbleReactions & { onMore: () => void }) {
  const { t, i18n } = useTranslation()
  const further = useMessageTexts()
  return (
    <Menu.Group className="reaction-group">
      {mayReact && (
        <div className="reaction-bar" role="presentation">
          {quickNames.map((name) => {
            const emoji = quick[name]
            const isOwn = chips.some((chip) => chip.emoji === emoji && chip.isOwn)
            return (
              <Menu.Item
                key={name}
                className={`reaction-choice${isOwn ? ' is-own' : ''}`}
                disabled={isOffline}
                aria-label={t(isOwn ? 'reaction.remove' : 'reaction.add', { name: t(`reaction.name.${name}`) })}
                onClick={() => {
                  onReact(emoji, !isOwn)
                }}
              >
                {emoji}
              </Menu.Item>
            )
          })}
          <Menu.Item className="reaction-choice" disabled={isOffline} aria-label={further('action.react')} onClick={onMore}>
            <SmilePlus size={20} aria-hidden="true" />
          </Menu.Item>
        </div>
      )}
      {(chips.length > 0 || isOffline) && (
        <Menu.GroupLabel className="reaction-names">
          {mayReact && isOffline && <span>{t('reaction.offline')}</span>}
          {chips.map((chip) => (
            <span key={chip.emoji}>
              {chip.emoji} <bdi>{nameList(t, i18n.language, chip)}</bdi>
            </span>
          ))}
        </Menu.GroupLabel>
      )}
    </Menu.Group>
  )
}
