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
  /** A sheet at the side of the screen, on a phone over all of it; a click outside closes it. */
  isSheet?: boolean
  /** With an opaque backdrop. */
  isCover?: boolean
  /** Gets the focus on opening; by default the first focusable element. */
  firstFocus?: RefObject<HTMLElement | null>
  /** Gets it on closing; true is the element that had it before, false leaves it where it is. */
  lastFocus?: () => HTMLElement | boolean
  /** Without it the dialog can't be dismissed. */
  onClose?: () => void
  children: ReactNode
}

/** A dialog, open while mounted: it traps the focus, closes on Escape and on going back, and restores the focus. */
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
        {/* Also over another dialog. */}
        <Dialog.Backdrop forceRender className={`modal-backdrop${isCover ? ' is-cover' : ''}${covered}`} />
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

/** Escape closes neither this dialog nor one below it. */
function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation()
}
