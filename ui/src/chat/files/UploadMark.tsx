import { CircleAlert, Check, X } from 'lucide-react'
import { use } from 'react'
import { useFileTexts } from '../../i18n/files/texts'
import { numberFormat } from '../../i18n/formats'
import { useTranslation } from '../../i18n/useTranslation'
import { RowTabIndex } from '../messages/useRowFocus'
import type { OutgoingFile } from '../state/chatState'
import { useProgress } from './progress'

const radius = 19
const length = 2 * Math.PI * radius

interface UploadMarkProps {
  file: OutgoingFile
  onRemove: ((key: string) => void) | undefined
}

/** On a file that is being sent: how far it is, and a button that removes it from the message. */
export function UploadMark({ file, onRemove }: UploadMarkProps) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const part = useProgress(file.key)
  const { name } = file
  const isDone = Boolean(file.attachmentId)
  const isRefused = !isDone && part === null && file.code !== undefined
  const percent = numberFormat(i18n.language, { style: 'percent' }).format(part ?? 0)
  const label = isDone ? t('uploaded', { name }) : isRefused ? t('refused', { name }) : part === null ? t('waiting', { name }) : t('uploading', { name, percent })
  return (
    <span className="upload-mark" data-state={isDone ? 'done' : isRefused ? 'refused' : part === null ? 'waiting' : 'running'}>
      <span className="upload-ring" role="img" aria-label={label} title={label}>
        {isDone ? (
          <Check size={20} aria-hidden="true" />
        ) : isRefused ? (
          <CircleAlert size={20} aria-hidden="true" />
        ) : (
          <svg viewBox="0 0 44 44" aria-hidden="true">
            <circle cx="22" cy="22" r={radius} />
            {part !== null && <circle className="upload-part" cx="22" cy="22" r={radius} strokeDasharray={length} strokeDashoffset={length * (1 - Math.max(0.04, part))} />}
          </svg>
        )}
      </span>
      {onRemove && !isDone && (
        <button
          type="button"
          className="upload-remove"
          tabIndex={tabIndex}
          aria-label={t('remove', { name })}
          title={t('remove', { name })}
          onClick={() => {
            onRemove(file.key)
          }}
        >
          <X size={isRefused ? 14 : 18} aria-hidden="true" />
        </button>
      )}
    </span>
  )
}
