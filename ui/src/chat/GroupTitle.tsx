import { Pencil } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import { isComposing } from '../lib/isComposing'

interface GroupTitleProps {
  /** What the group is called on screen, also where it has no title. */
  name: string
  title: string
  /** Answers whether it was done. */
  onRename: (title: string) => Promise<boolean>
}

/** The name of a group, and the field that changes it. */
export function GroupTitle({ name, title, onRename }: GroupTitleProps) {
  const { t } = useTranslation()
  const [text, setText] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  useEffect(() => {
    if (text === null && wasEditing.current) button.current?.focus()
    wasEditing.current = text !== null
  }, [text])

  if (text === null) {
    return (
      <>
        <p className="details-name" dir="auto">
          {name}
        </p>
        <button
          ref={button}
          type="button"
          className="icon-button"
          aria-label={t('details.rename')}
          title={t('details.rename')}
          onClick={() => {
            setText(title)
          }}
        >
          <Pencil size={18} aria-hidden="true" />
        </button>
      </>
    )
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === title || (await onRename(text.trim()))) setText(null)
  }
  return (
    <form className="details-rename" onSubmit={(event) => void submit(event)}>
      <label className="field">
        <span>{t('details.name')}</span>
        <input
          value={text}
          maxLength={200}
          autoComplete="off"
          dir="auto"
          // It stands where its button was pressed.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => {
            setText(event.target.value)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || isComposing(event.nativeEvent)) return
            event.stopPropagation()
            setText(null)
          }}
        />
      </label>
      <div className="details-buttons">
        <button
          type="button"
          className="button"
          onClick={() => {
            setText(null)
          }}
        >
          {t('create.cancel')}
        </button>
        <button type="submit" className="button is-primary">
          {t('details.save')}
        </button>
      </div>
    </form>
  )
}
