import { type ComponentProps, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import type { NewConversation as Dialog } from './NewConversation'

export const NewConversation = lazily(() => import('./NewConversation').then((module) => module.NewConversation))

/**
 * The dialog appears a moment after a click on its button, the first time after it has been fetched. Until its
 * field has the focus, a hidden one collects what is typed.
 */
export function CreateConversation(props: Omit<ComponentProps<typeof Dialog>, 'opener' | 'takeTyped'>) {
  const { t } = useTranslation()
  const early = useRef<HTMLInputElement>(null)
  const [isThere, setIsThere] = useState(false)
  const [opener] = useState(() => document.activeElement)
  return (
    <>
      {!isThere && (
        <input
          ref={early}
          className="visually-hidden"
          aria-label={t('create.people')}
          autoComplete="off"
          // It replaces the button that was clicked.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Escape') props.onClose()
          }}
        />
      )}
      <NewConversation
        {...props}
        opener={opener instanceof HTMLElement ? opener : null}
        takeTyped={() => {
          const typed = early.current?.value ?? ''
          setIsThere(true)
          return typed
        }}
      />
    </>
  )
}
