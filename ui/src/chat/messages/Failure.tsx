import { use } from 'react'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { RowTabIndex } from './useRowFocus'

addLaterTexts()

export interface FailureProps {
  code: string
  /** Otherwise it would be refused again: it can be copied, and sent once writing is allowed. */
  mayWrite: boolean
  onRetry: () => void
  onRewrite: () => void
  onCopy: () => void
  onDiscard: () => void
}

/** Below a message that was refused: why, and what to do with it. */
export function Failure({ code, mayWrite, onRetry, onRewrite, onCopy, onDiscard }: FailureProps) {
  const { t } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const action = (label: string, onClick: () => void) => (
    <button type="button" className="text-button" tabIndex={tabIndex} onClick={onClick}>
      {label}
    </button>
  )
  return (
    <div className="failure" role="alert">
      <span>{t('message.failed', { reason: errorText(t, code) })}</span>
      {mayWrite && action(t('message.retry'), onRetry)}
      {mayWrite ? action(t('message.edit'), onRewrite) : action(t('message.copy'), onCopy)}
      {action(t('message.delete'), onDiscard)}
    </div>
  )
}
