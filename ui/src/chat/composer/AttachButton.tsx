import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from '../../i18n/useTranslation'

/** Everything, but named: then a phone offers its camera as well. */
const anything = 'image/*,video/*,audio/*,application/*,text/*'

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
        accept={anything}
        onChange={({ target }) => {
          onFiles(Array.from(target.files ?? []))
          // So that the same file can be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}
