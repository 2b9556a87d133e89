import { useEffect, useEffectEvent } from 'react'
import { createPortal } from 'react-dom'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'

addLaterTexts()

/** Long enough to read it and to reach the button. */
const shownFor = 8_000

export interface ArchivedNoteProps {
  /** The list, below whose lines it stands. */
  list: HTMLElement
  onUndo: () => void
  onClose: () => void
}

/** A line that was archived is gone at once: says where it went, and brings it back. Mounted anew for each. */
export function ArchivedNote({ list, onUndo, onClose }: ArchivedNoteProps) {
  const { t } = useTranslation()
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const timer = window.setTimeout(() => {
      close()
    }, shownFor)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  return createPortal(
    <div className="archived-note">
      <span role="status">{t('own.isArchived')}</span>
      <button type="button" className="text-button" onClick={onUndo}>
        {t('own.undo')}
      </button>
    </div>,
    list,
  )
}
