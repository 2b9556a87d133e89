import './files.css'
import { useFileTexts } from '../../i18n/files/texts'
import type { Attachment, Id } from '../../protocol/resources'
import type { OutgoingFile } from '../state/chatState'
import { FileCard } from './FileCard'
import { Film } from './Film'
import { PictureGrid } from './PictureGrid'
import { shownAttachment, shownOutgoing } from './shownFile'
import { SoundPlayer } from './SoundPlayer'

export interface AttachmentsProps {
  userId: Id
  /** Of a stored message. */
  attachments?: readonly Attachment[] | undefined
  /** Of one that is being sent. */
  files?: readonly OutgoingFile[] | undefined
  /** Absent once the message has been sent. */
  onRemove?: ((key: string) => void) | undefined
}

/** The files of a message: its pictures as a grid, everything else below it. Its size is known before anything is loaded. */
export function Attachments({ userId, attachments = [], files = [], onRemove }: AttachmentsProps) {
  const t = useFileTexts()
  const all = [...attachments.map(shownAttachment), ...files.map((file) => shownOutgoing(file, userId))]
  const pictures = all.filter(({ kind }) => kind === 'picture')
  return (
    <div className="attachments" role="group" aria-label={t('list')}>
      {all
        .filter(({ kind }) => kind !== 'picture')
        .map((file) =>
          file.kind === 'sound' ? (
            <SoundPlayer key={file.key} file={file} onRemove={onRemove} />
          ) : file.stored && file.kind === 'video' ? (
            <Film key={file.key} file={file} stored={file.stored} />
          ) : (
            <FileCard key={file.key} file={file} onRemove={onRemove} />
          ),
        )}
      {pictures.length > 0 && <PictureGrid pictures={pictures} onRemove={onRemove} />}
    </div>
  )
}
