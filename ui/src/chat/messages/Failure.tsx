import { use } from 'react'
import { errorText } from '../../i18n/errorText'
import { useFileTexts } from '../../i18n/files/texts'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { excerpt } from '../../lib/text'
import type { Outgoing } from '../state/chatState'
import { RowTabIndex } from './useRowFocus'

addLaterTexts()

export interface FailureProps {
  code: string
  /** Otherwise it would be refused again: it can be copied, and sent once writing is allowed. */
  mayWrite: boolean
  outgoing: Outgoing
  onRemoveFile: (key: string, thenSend?: boolean) => void
  onRetry: () => void
  onRewrite: () => void
  onCopy: () => void
  onDiscard: () => void
}

/** Below a message that was refused: why, and what to do with it. */
export function Failure({ code, mayWrite, outgoing, onRemoveFile, onRetry, onRewrite, onCopy, onDiscard }: FailureProps) {
  const { t } = useTranslation()
  const ofFile = useFileTexts()
  const tabIndex = use(RowTabIndex)
  const { content, files = [] } = outgoing
  const subject = excerpt(content || files.map(({ name }) => name).join(', '), 60)
  const action = (label: string, onClick: () => void) => (
    <button type="button" className="text-button" tabIndex={tabIndex} aria-label={t('message.actionOn', { action: label, text: subject })} onClick={onClick}>
      {label}
    </button>
  )
  const refused = files.filter((file) => file.code && !file.attachmentId)
  const isRestSent = mayWrite && refused.length > 0 && (content !== '' || files.length > refused.length)
  const reason = refused.map(({ name, code: one = code }) => ofFile('refusal', { name: excerpt(name, 60), reason: errorText(t, one) })).join(' ')
  return (
    <div className="failure">
      <span role="alert">{t('message.failed', { reason: reason || errorText(t, code) })}</span>
      {isRestSent &&
        action(ofFile('without', { count: refused.length }), () => {
          for (const { key } of refused) onRemoveFile(key, true)
        })}
      {mayWrite && action(t('message.retry'), onRetry)}
      {mayWrite ? action(t('message.edit'), onRewrite) : content && action(t('message.copy'), onCopy)}
      {action(t('message.delete'), onDiscard)}
    </div>
  )
}
