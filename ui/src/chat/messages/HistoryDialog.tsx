import './history.css'
import { LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { fetchHistory } from '../../actions/historyAction'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useMessageTexts } from '../../i18n/message/texts'
import { fullText } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import { runsOf } from '../../lib/direction'
import { Modal } from '../../parts/Modal'
import { RetryAlert } from '../../parts/RetryAlert'
import type { EarlierContent } from '../../protocol/history'
import type { Message } from '../../protocol/resources'
import { MessageText } from './MessageText'

addLaterTexts()

type Load = { status: 'loading' } | { status: 'ready'; versions: EarlierContent[] } | { status: 'failed'; code: string }

/** What a message said before its edits, and what it says now. */
export function HistoryDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useMessageTexts()
  const { t: general, i18n } = useTranslation()
  const [load, setLoad] = useState<Load>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    fetchHistory(message, { signal: abort.signal }).then(
      (versions) => { setLoad({ status: 'ready', versions }) },
      (error: unknown) => { if (!isAbort(error)) setLoad({ status: 'failed', code: errorCode(error) }) },
    )
    return () => { abort.abort() }
  }, [message, attempt])
  return (
    <Modal title={t('history.title')} onClose={onClose}>
      <div className="history">
        <p role="status" className="history-note">
          {load.status === 'loading' && (
            <>
              <LoaderCircle className="spinner" size={16} aria-hidden="true" /> {t('history.loading')}
            </>
          )}
          {load.status === 'ready' && load.versions.length === 0 && t('history.none')}
        </p>
        {load.status === 'failed' && (
          <RetryAlert
            text={errorText(general, load.code)}
            onRetry={() => {
              setLoad({ status: 'loading' })
              setAttempt(attempt + 1)
            }}
          />
        )}
        {load.status === 'ready' && (
          <ol aria-label={t('history.title')}>
            {load.versions.map(({ id, content, timestamp, edited_by: by }) => (
              <Version key={id} heading={t(by === 'administration' ? 'history.writtenByAdministration' : 'history.written', { when: fullText(i18n.language, new Date(timestamp)) })} content={content} />
            ))}
            <Version heading={t('history.current')} content={message.content} />
          </ol>
        )}
      </div>
    </Modal>
  )
}

function Version({ heading, content }: { heading: string; content: string }) {
  const t = useMessageTexts()
  const runs = runsOf(content)
  return (
    <li>
      <h3>{heading}</h3>
      <div dir={runs.at(-1)?.direction ?? undefined}>{content ? <MessageText runs={runs} /> : <em>{t('history.empty')}</em>}</div>
    </li>
  )
}
