import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

/** "Jérôme écrit…", for the first names of those who type; empty when nobody does. */
export function typingText(t: TFunction, names: readonly string[]): string {
  const [first, second] = names
  if (first === undefined) return ''
  if (second === undefined) return t('typing.one', { name: first })
  return names.length === 2 ? t('typing.two', { first, second }) : t('typing.many')
}

/** Keeps its place when nobody types. */
export function TypingIndicator({ names }: { names: string[] }) {
  const { t } = useTranslation()
  const text = typingText(t, names)
  return (
    <div className="typing" aria-live="polite">
      {text && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>{text}</span>
        </>
      )}
    </div>
  )
}
