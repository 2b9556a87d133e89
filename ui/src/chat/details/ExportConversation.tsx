import { FileDown } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { errorCode, isAbort } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import type { Language } from '../../i18n/i18n'
import { addLaterTexts } from '../../i18n/later'
import { useMessageTexts } from '../../i18n/message/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { saveFile } from '../../lib/saveFile'
import type { Conversation, Id } from '../../protocol/resources'

addLaterTexts()

interface ExportConversationProps {
  conversation: Conversation
  userId: Id
  name: string
}

type Progress = { status: 'idle' } | { status: 'loading'; count: number } | { status: 'done' } | { status: 'failed'; code: string }

/** Loads the whole conversation and stores it as a page to be read and printed; it can be cancelled until then. */
export function ExportConversation({ conversation, userId, name }: ExportConversationProps) {
  const t = useMessageTexts()
  const { t: general, i18n } = useTranslation()
  const [progress, setProgress] = useState<Progress>({ status: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(
    () => () => {
      running.current?.abort()
    },
    [],
  )
  const start = async () => {
    const abort = new AbortController()
    running.current = abort
    setProgress({ status: 'loading', count: 0 })
    try {
      const [{ fetchAll }, { exportPage, exportName }] = await Promise.all([import('./wholeConversation'), import('./exportPage')])
      const whole = await fetchAll(userId, conversation, abort.signal, (count) => {
        setProgress({ status: 'loading', count })
      })
      if (abort.signal.aborted) return
      saveFile(exportPage(whole, name, i18n.language as Language), 'text/html;charset=utf-8', exportName(name))
      setProgress({ status: 'done' })
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return
      setProgress({ status: 'failed', code: errorCode(error) })
    }
  }
  const cancel = () => {
    running.current?.abort()
    setProgress({ status: 'idle' })
  }
  const isLoading = progress.status === 'loading'
  return (
    <div className="details-export">
      <button type="button" className="button" title={t('export.hint')} onClick={isLoading ? cancel : () => void start()}>
        <FileDown size={16} aria-hidden="true" />
        {t(isLoading ? 'export.cancel' : 'export.action')}
      </button>
      <p role="status" aria-label={t('export.action')}>
        {isLoading && t('export.loading', { count: progress.count })}
        {progress.status === 'done' && t('export.done')}
      </p>
      {progress.status === 'failed' && (
        <p className="alert" role="alert">
          {t('export.failed', { reason: errorText(general, progress.code) })}
        </p>
      )}
    </div>
  )
}
