import { Pencil } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import { useTranslation } from '../../i18n/useTranslation'
import { type DraftPlace, storeDraft, useDraft } from '../state/useDraft'
import { ComposerContext } from './ComposerContext'
import { MessageInput } from './MessageInput'

export interface EditComposerProps {
  /** Its key, too: one correction is one component. */
  place: DraftPlace
  /** What stands there now; '' where that isn't loaded. */
  original: string
  title: string
  /** What saving does, where it isn't saving. */
  saveLabel?: string
  /** Of the link that is open; 0 where none is, or where saving wouldn't be what was asked for any more. */
  epoch: number
  /** It is on its way: until that is over nobody knows what saving has to do. */
  isHeld?: boolean
  /** It was to be saved before, and only the connection failed. */
  isDue?: boolean
  onDue?: (isDue: boolean) => void
  /** Rejects with an ApiError where it is refused: the text stays then. */
  onSave: (content: string) => Promise<void>
  /** The correction is over, done or given up. */
  onEnd: () => void
}

type Progress = { status: 'writing' } | { status: 'saving' } | { status: 'failed'; code: string; epoch: number }

/** Where the storage failed, the server closes the link once it works again. */
const isLinkAtFault = (code: string) => code === 'network' || code === 'outcome_unknown'

/** Has a text of its own, which outlives a lost connection and a look at another conversation; the draft waits untouched. */
export function EditComposer({ place, original, title, saveLabel, epoch, isHeld = false, isDue = false, onDue, onSave, onEnd }: EditComposerProps) {
  const { t } = useTranslation()
  const [text, setText] = useDraft(place, original)
  const [progress, setProgress] = useState<Progress>(isDue ? { status: 'failed', code: 'network', epoch: 0 } : { status: 'writing' })
  const end = () => {
    storeDraft(place, '')
    onEnd()
  }
  const save = async (content: string) => {
    if (progress.status === 'saving') return
    setProgress({ status: 'saving' })
    try {
      await onSave(content)
      end()
    } catch (error) {
      const code = errorCode(error)
      setProgress({ status: 'failed', code, epoch })
      onDue?.(isLinkAtFault(code))
    }
  }
  // What only the connection failed is saved over the next one.
  const canSaveAgain = progress.status === 'failed' && isLinkAtFault(progress.code) && epoch > 0 && epoch !== progress.epoch
  const saveAgain = useEffectEvent(() => void save(text.trim()))
  useEffect(() => {
    // Not within the effect: saving changes what is shown.
    if (canSaveAgain) queueMicrotask(() => { saveAgain() })
  }, [canSaveAgain])
  return (
    <div className="composer">
      <ComposerContext
        icon={<Pencil size={16} aria-hidden="true" />}
        title={progress.status === 'saving' ? t('composer.saving') : title}
        text={original}
        cancelLabel={t('composer.cancelEdit')}
        onCancel={end}
      />
      {progress.status === 'failed' && (
        <p className="alert composer-alert" role="alert">
          {t('composer.notSaved', { reason: errorText(t, progress.code) })}
        </p>
      )}
      <MessageInput
        text={text}
        label={title}
        sendLabel={saveLabel ?? t('composer.save')}
        takesFocus
        isBusy={progress.status === 'saving'}
        isHeld={isHeld}
        onChange={(next) => {
          setText(next)
          // It isn't the text any more that was to be saved.
          setProgress({ status: 'writing' })
          if (isDue) onDue?.(false)
        }}
        onSend={(content) => void save(content)}
        onCancel={end}
      />
    </div>
  )
}
