import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { type FileGroup, fileGroups } from '../../protocol/files'

/**
 * What the server takes. Phones offer their camera for pictures and films, and convert theirs to these types. On a
 * computer anything else can still be chosen, and is refused with its reason.
 */
const accepted: Record<FileGroup, string> = {
  pictures: 'image/jpeg,image/png,image/gif,image/webp',
  video: 'video/*',
  audio: 'audio/*',
  pdf: '.pdf',
  office: '.docx,.xlsx,.pptx,.odt,.ods,.odp',
  text: '.txt,.csv',
}

interface AttachButtonProps {
  /** The groups of files that the school takes. */
  types: readonly string[]
  onFiles: (files: File[]) => void
}

/** Opens the system's file picker. */
export function AttachButton({ types, onFiles }: AttachButtonProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const label = t('composer.attach')
  return (
    <>
      <button type="button" className="icon-button attach-button" aria-label={label} title={label} onClick={() => input.current?.click()}>
        <Paperclip size={20} aria-hidden="true" />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={fileGroups.filter((group) => types.includes(group)).map((group) => accepted[group]).join()}
        onChange={({ target }) => {
          onFiles(Array.from(target.files ?? []))
          // So that the same file can be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}
