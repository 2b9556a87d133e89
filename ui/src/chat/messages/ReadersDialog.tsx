import './readers.css'
import { LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchReaders } from '../../actions/readersAction'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useMessageTexts } from '../../i18n/message/texts'
import { fullName } from '../../i18n/personName'
import { fullText } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import { Avatar } from '../../parts/Avatar'
import { Modal } from '../../parts/Modal'
import { RetryAlert } from '../../parts/RetryAlert'
import type { MessageReader } from '../../protocol/readers'
import type { Message, Receipt } from '../../protocol/resources'

addLaterTexts()

type Load = { status: 'loading' } | { status: 'ready'; readers: MessageReader[] } | { status: 'failed'; code: string }

export interface ReadersDialogProps {
  message: Message
  /** Of its conversation: when they change, it is asked again. */
  receipts: readonly Receipt[]
  onClose: () => void
}

/** After a response, in milliseconds: in a busy group receipts come all the time. */
const pause = 3_000

const groups = ['read', 'delivered', 'sent'] as const

/** Who has read one of the user's messages, whom it has reached, and whom it hasn't. */
export function ReadersDialog({ message, receipts, onClose }: ReadersDialogProps) {
  const t = useMessageTexts()
  const { t: general, i18n } = useTranslation()
  const [load, setLoad] = useState<Load>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)
  const { id, conversation_id: conversationId } = message
  const version = JSON.stringify(receipts)
  /** The one that was asked for last; a change interrupts no request. */
  const [asked, setAsked] = useState(version)
  const [isRested, setIsRested] = useState(false)
  if (isRested && asked !== version) {
    setIsRested(false)
    setAsked(version)
  }
  useEffect(() => {
    const abort = new AbortController()
    let timer = 0
    const rest = () => {
      if (!abort.signal.aborted) timer = window.setTimeout(() => { setIsRested(true) }, pause)
    }
    void fetchReaders({ id, conversation_id: conversationId }, { signal: abort.signal }).then(
      (readers) => { setLoad({ status: 'ready', readers }) },
      // What is shown stays: it was true when it was asked.
      (error: unknown) => { if (!isAbort(error)) setLoad((before) => (before.status === 'ready' ? before : { status: 'failed', code: errorCode(error) })) },
    ).then(rest)
    return () => {
      abort.abort()
      window.clearTimeout(timer)
    }
  }, [id, conversationId, asked, attempt])
  return (
    <Modal title={t('readers.title')} onClose={onClose}>
      <div className="message-readers">
        <p role="status" className="message-readers-note">
          {load.status === 'loading' && (
            <>
              <LoaderCircle className="spinner" size={16} aria-hidden="true" /> {t('readers.loading')}
            </>
          )}
        </p>
        {load.status === 'failed' && (
          <RetryAlert
            text={errorText(general, load.code)}
            onRetry={() => {
              setLoad({ status: 'loading' })
              setIsRested(false)
              setAttempt(attempt + 1)
            }}
          />
        )}
        {load.status === 'ready' && groups.map((status) => <Group key={status} status={status} readers={load.readers.filter((one) => one.status === status)} language={i18n.language} />)}
        {load.status === 'ready' && <p className="message-readers-note">{t('readers.note')}</p>}
      </div>
    </Modal>
  )
}

/** Those who have read it last come first, then by name. */
function Group({ status, readers, language }: { status: (typeof groups)[number]; readers: MessageReader[]; language: string }) {
  const t = useMessageTexts()
  if (readers.length === 0) return null
  const { compare } = new Intl.Collator(language)
  const sorted = [...readers].sort((a, b) => (b.read_at ?? '').localeCompare(a.read_at ?? '') || compare(fullName(a), fullName(b)))
  const label = t(`readers.${status}`, { count: readers.length })
  return (
    <>
      <h3>{label}</h3>
      <ul aria-label={label}>
        {sorted.map((one) => (
          <li key={one.user_id}>
            <Avatar id={one.user_id} name={fullName(one)} size="small" />
            <span className="message-readers-body">
              <span dir="auto">{fullName(one)}</span>
              {one.read_at !== null && <time dateTime={one.read_at}>{fullText(language, new Date(one.read_at))}</time>}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
