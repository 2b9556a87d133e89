import { Check } from 'lucide-react'
import { type Dispatch, type ReactNode, useCallback, useEffect, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { copyText } from '../lib/copyText'
import type { ChatEvent } from './state/chatEvent'

const shownFor = 2_000

/** Copies a text. `copied` is the note that says so, for the pane; if copying isn't allowed there is a notice. */
export function useCopying(dispatch: Dispatch<ChatEvent>): { copy: (text: string) => void; copied: ReactNode } {
  const [copies, setCopies] = useState(0)
  const copy = useCallback(
    (text: string) => {
      void copyText(text).then((isCopied) => {
        if (isCopied) setCopies((count) => count + 1)
        else dispatch({ type: 'noticed', code: 'copy_refused' })
      })
    },
    [dispatch],
  )
  return { copy, copied: copies > 0 && <CopiedNote key={copies} /> }
}

/** Shows for a moment that a text was copied. Mounted anew for each copy. */
function CopiedNote() {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(true)
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setIsShown(false)
    }, shownFor)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  return (
    <p className="copied" role="status">
      {isShown && (
        <span>
          <Check size={16} aria-hidden="true" />
          {t('message.copied')}
        </span>
      )}
    </p>
  )
}
