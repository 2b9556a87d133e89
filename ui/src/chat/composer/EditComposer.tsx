import { Pencil } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { EmojiButton } from '../emoji/EmojiButton'
import type { FileSummaryProps } from '../files/parts'
import { type DraftPlace, storeDraft, useDraft } from '../state/useDraft'
import { ComposerContext } from './ComposerContext'
import { MessageInput } from './MessageInput'

addLaterTexts()

export interface EditComposerProps {
  /** Also its key: each edit is one component. */
  place: DraftPlace
  /** The current text; '' if it isn't loaded. */
  original: string
  title: string
  /** Those of the message: it needs no text. */
  files?: FileSummaryProps['files'] | undefined
  /** The label of the button, if it doesn't save. */
  saveLabel?: string
  /** Of the open link; 0 if there is none, or if saving is no longer what was intended. */
  epoch: number
  /** The message is being sent: until that has ended it isn't known how to save. */
  isHeld?: boolean
  /** An earlier attempt to save failed only because of the connection. */
  isDue?: boolean
  onDue?: (isDue: boolean) => void
  /** Rejects with an ApiError if it is refused: the text stays then. */
  onSave: (content: string) => Promise<void>
  /** The edit has ended, saved or cancelled. */
  onEnd: () => void
}

type Progress = { status: 'writing' } | { status: 'saving' } | { status: 'failed'; code: string; epoch: number }

/** After a failure of the storage, the server closes the link once it works again. */
const isLinkAtFault = (code: string) => code === 'network' || code === 'outcome_unknown'

/** Edits a text of its own, which survives a lost connection and switching conversations; the draft isn't touched. */
export function EditComposer({ place, original, title, files, saveLabel, epoch, isHeld = false, isDue = false, onDue, onSave, onEnd }: EditComposerProps) {
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
  // If only the connection failed, save over the next one.
  const canSaveAgain = progress.status === 'failed' && isLinkAtFault(progress.code) && epoch > 0 && epoch !== progress.epoch
  const saveAgain = useEffectEvent(() => void save(text.trim()))
  useEffect(() => {
    // Not within the effect, because saving changes the state.
    if (canSaveAgain) queueMicrotask(() => { saveAgain() })
  }, [canSaveAgain])
  return (
    <div className="composer">
      <ComposerContext
        icon={<Pencil size={16} aria-hidden="true" />}
        title={progress.status === 'saving' ? t('composer.saving') : title}
        text={original}
        files={files}
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
        hasFiles={Boolean(files?.length)}
        start={<EmojiButton userId={place.userId} />}
        onChange={(next) => {
          setText(next)
          // It is no longer the text that was to be saved.
          setProgress({ status: 'writing' })
          if (isDue) onDue?.(false)
        }}
        onSend={(content) => void save(content)}
        onCancel={end}
      />
    </div>
  )
}
