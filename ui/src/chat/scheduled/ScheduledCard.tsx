import { CircleAlert, Clock, Paperclip } from 'lucide-react'
import { type Dispatch, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import type { Language } from '../../i18n/i18n'
import { addLaterTexts } from '../../i18n/later'
import { fileTextsIn } from '../../i18n/files/texts'
import { scheduleTextsIn } from '../../i18n/schedule/texts'
import { whenText } from '../../i18n/schedule/whenText'
import { useToday } from '../../i18n/useToday'
import { useTranslation } from '../../i18n/useTranslation'
import { copyText } from '../../lib/copyText'
import { excerpt } from '../../lib/text'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Scheduled } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import { EditDialog } from './EditDialog'
import { useScheduledCommands } from './useScheduledCommands'

addLaterTexts()

export interface ScheduledCardProps {
  scheduled: Scheduled
  zone: string | undefined
  /** Otherwise it can only be copied and deleted. */
  mayWrite: boolean
  /** Sends it in spite of quiet hours; absent for those who may not. */
  onUrgent?: ((scheduled: Scheduled) => void) | undefined
  /** Of its buttons. */
  tabIndex?: -1 | undefined
  dispatch: Dispatch<ChatEvent>
}

/** A message that isn't delivered yet: when it will be, or why it wasn't, and what its author can do. */
export function ScheduledCard({ scheduled, zone, mayWrite, onUrgent, tabIndex, dispatch }: ScheduledCardProps) {
  const { t: common, i18n } = useTranslation()
  const language = i18n.language as Language
  const t = scheduleTextsIn(language)
  // "demain" is another day tomorrow.
  useToday()
  const commands = useScheduledCommands(dispatch)
  const [asked, setAsked] = useState<'edit' | 'delete' | 'urgent' | null>(null)
  const [isCopied, setIsCopied] = useState(false)
  const { code, reason, content, attachments = [], deliver_at: at } = scheduled
  const isDeferred = reason === 'quiet_hours' && !code
  const close = () => {
    setAsked(null)
  }
  const run = (work: Promise<void>) => {
    work.catch((error: unknown) => {
      dispatch({ type: 'noticed', code: errorCode(error) })
    })
  }
  const action = (label: string, onClick: () => void) => (
    <button type="button" className="text-button" tabIndex={tabIndex} aria-label={content ? common('message.actionOn', { action: label, text: excerpt(content, 60) }) : label} onClick={onClick}>
      {label}
    </button>
  )
  return (
    <>
      {content && (
        <p className="scheduled-text" dir="auto">
          {content}
        </p>
      )}
      {attachments.length > 0 && (
        <p className="scheduled-note">
          <Paperclip size={14} aria-hidden="true" />
          {fileTextsIn(language)('scheduled', { count: attachments.length })}
        </p>
      )}
      <p className={`scheduled-note${code ? ' is-bad' : ''}`} role={code ? 'alert' : undefined}>
        {code ? <CircleAlert size={14} aria-hidden="true" /> : <Clock size={14} aria-hidden="true" />}
        {code ? t('notDelivered', { reason: errorText(common, code) }) : t(isDeferred ? 'willDeliver' : 'willSend', { when: whenText(language, at, zone) })}
      </p>
      <div className="scheduled-actions">
        {mayWrite && action(t('edit'), () => { setAsked('edit') })}
        {mayWrite && !isDeferred && action(t('now'), () => { run(commands.sendNow(scheduled.id)) })}
        {/* Its files would be removed with it. */}
        {mayWrite && isDeferred && onUrgent && attachments.length === 0 && action(t('nowUrgent'), () => { setAsked('urgent') })}
        {(code || !mayWrite) && action(t(isCopied ? 'copied' : 'copy'), () => { void copyText(content).then(setIsCopied) })}
        {action(t('delete'), () => { setAsked('delete') })}
      </div>
      {asked === 'edit' && <EditDialog scheduled={scheduled} zone={zone} onSave={(change) => commands.change(scheduled.id, change)} onClose={close} />}
      {asked === 'delete' && (
        <ConfirmDialog
          title={t('deleteTitle')}
          text={t('deleteText')}
          action={t('delete')}
          onConfirm={() => {
            close()
            run(commands.cancel(scheduled))
          }}
          onClose={close}
        />
      )}
      {asked === 'urgent' && (
        <ConfirmDialog
          title={t('urgentTitle')}
          text={t('urgentText')}
          action={t('urgentSend')}
          onConfirm={() => {
            close()
            run(commands.cancel(scheduled).then(() => onUrgent?.(scheduled)))
          }}
          onClose={close}
        />
      )}
    </>
  )
}
