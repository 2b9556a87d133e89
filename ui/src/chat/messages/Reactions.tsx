import { use } from 'react'
import { numberFormat } from '../../i18n/formats'
import { useTranslation } from '../../i18n/useTranslation'
import { nameList, type BubbleReactions } from './reactionNames'
import { RowTabIndex } from './useRowFocus'

/** The reactions below a bubble: a click adds the user's own, or removes it. */
export function Reactions({ chips, mayReact, isOffline, onReact }: BubbleReactions) {
  const { t, i18n } = useTranslation()
  const tabIndex = use(RowTabIndex)
  return (
    <ul className="reactions" aria-label={t('reaction.list')}>
      {chips.map((chip) => {
        const names = nameList(t, i18n.language, chip)
        // What can't be added any more can still be removed.
        const isFixed = isOffline || !(mayReact || chip.isOwn)
        return (
          <li key={chip.emoji}>
            <button
              type="button"
              className="reaction"
              tabIndex={tabIndex}
              aria-pressed={chip.isOwn}
              aria-disabled={isFixed}
              aria-label={t('reaction.of', { emoji: chip.emoji, names })}
              title={isOffline ? `${names}\n${t('reaction.offline')}` : names}
              onClick={() => {
                if (!isFixed) onReact(chip.emoji, !chip.isOwn)
              }}
            >
              <span aria-hidden="true">{chip.emoji}</span>
              <span aria-hidden="true">{numberFormat(i18n.language).format(chip.count)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
