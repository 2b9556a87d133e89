import { useEffect, useEffectEvent, useState } from 'react'
import { useHelpTexts } from '../i18n/help/texts'
import { isCovered } from '../lib/cover'
import { isComposing } from '../lib/isComposing'
import { KeyList } from '../parts/KeyList'
import { Modal } from '../parts/Modal'

export interface ShortcutsProps {
  /** Goes to the search field, wherever that is. */
  onFind: () => void
}

/** The keys that work everywhere in the chat: Ctrl+K goes to the search, "?" shows the shortcuts. Not over a dialog. */
export function Shortcuts({ onFind }: ShortcutsProps) {
  const t = useHelpTexts()
  const [isShown, setIsShown] = useState(false)
  const act = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event) || isCovered() || !isOurs(event.target)) return
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event
    if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') {
      event.preventDefault()
      onFind()
    } else if (key === '?' && !ctrlKey && !metaKey && !isTyping(event.target)) {
      event.preventDefault()
      setIsShown(true)
    }
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      act(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
  if (!isShown) return null
  return (
    <Modal title={t('keys.title')} onClose={() => { setIsShown(false) }}>
      <div className="keys-frame">
        <KeyList />
      </div>
    </Modal>
  )
}

/** A page around the chat keeps its own keys, unless nothing has the focus. */
function isOurs(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('.messagerie') !== null)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
