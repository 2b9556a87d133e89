import { Download } from 'lucide-react'
import { use } from 'react'
import { useFileTexts } from '../../i18n/files/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { RowTabIndex } from '../messages/useRowFocus'
import { FileIcon } from './FileIcon'
import { documentKind, sizeText } from './kinds'
import type { ShownFile } from './shownFile'
import { UploadMark } from './UploadMark'
import { useDownload } from './useDownload'

/** A file that isn't shown itself: its name, what it is, and how large. A click downloads it. */
export function FileCard({ file, onRemove }: { file: ShownFile; onRemove?: ((key: string) => void) | undefined }) {
  const t = useFileTexts()
  const { i18n } = useTranslation()
  const tabIndex = use(RowTabIndex)
  const { state, download } = useDownload(file)
  const details = t('details', { kind: t(`kind.${documentKind(file.type)}`), size: sizeText(i18n.language, file.size) })
  const said = state === 'running' ? t('downloading') : state === 'failed' ? t('notDownloaded') : details
  const body = (
    <>
      <FileIcon type={file.type} />
      <span className="file-body">
        <FileName name={file.name} />
        <span className={`file-details${state === 'failed' ? ' is-bad' : ''}`} role={state === 'failed' ? 'alert' : undefined}>
          {said}
        </span>
      </span>
    </>
  )
  if (file.outgoing) {
    return (
      <div className="file-card">
        {body}
        <UploadMark file={file.outgoing} onRemove={onRemove} />
      </div>
    )
  }
  return (
    <button type="button" className="file-card" tabIndex={tabIndex} aria-label={t('download', { name: file.name, details: said })} title={file.name} onClick={download}>
      {body}
      <Download className="file-download" size={18} aria-hidden="true" />
    </button>
  )
}

/** Cut before its extension, which says what it is. */
export function FileName({ name }: { name: string }) {
  const dot = name.lastIndexOf('.')
  const end = dot > 0 && name.length - dot <= 6 ? dot : name.length
  return (
    <bdi className="file-name">
      <span>{name.slice(0, end)}</span>
      {name.slice(end)}
    </bdi>
  )
}
