import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from '../../i18n/useTranslation'

/**
 * What the server takes by default. Phones offer their camera for pictures, and convert theirs to these types. On a
 * computer anything else can still be chosen, and is refused with its reason.
 */
const accepted = 'image/jpeg,image/png,image/gif,image/webp,video/*,audio/*,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv'

/** Opens the system's file picker. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
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
        accept={accepted}
        onChange={({ target }) => {
          onFiles(Array.from(target.files ?? []))
          // So that the same file can be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}
