import { Mic } from 'lucide-react'
import { useTranslation } from '../../i18n/useTranslation'
import { Recorder } from '../files/parts'

/** Where the send button is once there is something to send. */
export function RecordButton({ onRecord }: { onRecord: () => void }) {
  const { t } = useTranslation()
  const label = t('composer.record')
  return (
    <button
      type="button"
      className="send-button"
      data-empty=""
      aria-label={label}
      title={label}
      onPointerEnter={() => void Recorder.preload()}
      onClick={({ detail }) => {
        // The second click of a double one on the send button, which was here a moment ago.
        if (detail > 1) return
        void Recorder.preload().then(() => {
          if (Recorder.isReady()) onRecord()
        })
      }}
    >
      <Mic size={20} aria-hidden="true" />
    </button>
  )
}
