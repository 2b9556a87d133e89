import './select.css'
import { useRef } from 'react'
import { useMessageTexts } from '../../i18n/message/texts'
import { runsOf } from '../../lib/direction'
import { Modal } from '../../parts/Modal'
import type { Message } from '../../protocol/resources'
import { MessageText } from './MessageText'

export interface SelectDialogProps {
  message: Message
  onCopy: (text: string) => void
  onClose: () => void
}

/** The text of a message, to select a part of by hand: in the list of messages a long press opens the menu. */
export function SelectDialog({ message, onCopy, onClose }: SelectDialogProps) {
  const t = useMessageTexts()
  const text = useRef<HTMLDivElement>(null)
  const runs = runsOf(message.content)
  return (
    <Modal title={t('select.title')} firstFocus={text} onClose={onClose}>
      <div ref={text} className="select-text" tabIndex={-1} dir={runs.at(-1)?.direction ?? undefined}>
        <MessageText runs={runs} />
      </div>
      <footer className="modal-footer">
        <button
          type="button"
          className="button is-primary"
          // A press on the button would end the selection.
          onPointerDown={(event) => {
            event.preventDefault()
          }}
          onClick={() => {
            const selection = window.getSelection()
            const isInside = selection !== null && !selection.isCollapsed && text.current?.contains(selection.anchorNode)
            onCopy(isInside ? selection.toString() : message.content)
            onClose()
          }}
        >
          {t('select.copy')}
        </button>
      </footer>
    </Modal>
  )
}
