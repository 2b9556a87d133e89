import { Pencil } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { isComposing } from '../../lib/isComposing'
import { fitting, oneLine } from '../../lib/text'
import { maxTitleLength } from '../../protocol/limits'

addLaterTexts()

interface GroupTitleProps {
  /** The displayed name of the group, also if it has no title. */
  name: string
  title: string
  /** Returns whether it succeeded; absent if the user may not rename the group. */
  onRename?: (title: string) => Promise<boolean>
}

/** The name of a group, with a field to change it if that is allowed. */
export function GroupTitle({ name, title, onRename }: GroupTitleProps) {
  const { t } = useTranslation()
  const [text, setText] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  useEffect(() => {
    if (text === null && wasEditing.current) button.current?.focus()
    wasEditing.current = text !== null
  }, [text])

  const heading = (
    <p className="details-name" dir="auto">
      {name}
    </p>
  )
  if (!onRename) return heading
  if (text === null) {
    return (
      <>
        {heading}
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
    const next = oneLine(text)
    if (next === title || (await onRename(next))) setText(null)
  }
  return (
    <form className="details-rename" onSubmit={(event) => void submit(event)}>
      <label className="field">
        <span>{t('details.name')}</span>
        <input
          value={text}
          autoComplete="off"
          dir="auto"
          // It replaces the button that was clicked.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => {
            setText(fitting(event.target.value, maxTitleLength))
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
