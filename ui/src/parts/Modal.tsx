import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, use } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { useCover } from '../lib/cover'
import { useLayer } from '../lib/layers'
import { Covered } from './Covered'
import { useScope } from './useScope'

interface ModalProps {
  title: string
  /** A sheet stands at the side of the screen, on a phone over all of it; a press beside it closes it. */
  isSheet?: boolean
  /** Its backdrop is opaque. */
  isCover?: boolean
  /** The first thing that takes the focus where nothing else is said. */
  firstFocus?: RefObject<HTMLElement | null>
  /** What takes it on closing; true is where it was before, false leaves it where it is. */
  lastFocus?: () => HTMLElement | boolean
  /** Without it the dialog stays until what it asks for is done. */
  onClose?: () => void
  children: ReactNode
}

/** A dialog: it keeps the focus, closes on Escape and on a step back, and gives the focus back. Mounted is open. */
export function Modal({ title, isSheet = false, isCover = false, firstFocus, lastFocus, onClose, children }: ModalProps) {
  const { t } = useTranslation()
  useLayer(onClose)
  useCover()
  const covered = use(Covered) ? ' is-covered' : ''
  return (
    <Dialog.Root
      open
      disablePointerDismissal={!isSheet}
      onOpenChange={(opens) => {
        if (!opens) onClose?.()
      }}
    >
      <Dialog.Portal {...useScope()}>
        <Dialog.Backdrop className={`modal-backdrop${isCover ? ' is-cover' : ''}${covered}`} />
        <Dialog.Popup
          className={`modal${isSheet ? ' is-sheet' : ''}${covered}`}
          initialFocus={firstFocus ?? true}
          finalFocus={lastFocus ?? true}
          {...(onClose ? {} : { onKeyDown: keepEscape })}
        >
          <header className="modal-header">
            <Dialog.Title>{title}</Dialog.Title>
            {onClose && (
              <Dialog.Close className="icon-button" aria-label={t('create.close')}>
                <X size={20} aria-hidden="true" />
              </Dialog.Close>
            )}
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** It closes nothing here, and no dialog that waits beneath. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation()
}
