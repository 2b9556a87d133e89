import { use } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import type { Id } from '../../protocol/resources'
import { RowTabIndex } from './useRowFocus'

interface ReadersProps {
  /** Some of them. */
  read: readonly { id: Id; name: string }[]
  count: number
  /** Of everybody else in the group. */
  all: number
  /** Shows who, and when; absent on an older server. */
  onPress?: (() => void) | undefined
}

/** How many have read one of the user's messages in a group. */
export function Readers({ read, count, all, onPress }: ReadersProps) {
  const { t } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const content = (
    <>
      {read.length > 0 && (
        <span className="readers-faces">
          {read.map(({ id, name }) => (
            <Avatar key={id} id={id} name={name} size="small" />
          ))}
        </span>
      )}
      <span>{t('message.readBy', { read: count, all })}</span>
    </>
  )
  if (!onPress) return <span className="readers">{content}</span>
  return (
    <button type="button" className="readers" tabIndex={tabIndex} onClick={onPress}>
      {content}
    </button>
  )
}
