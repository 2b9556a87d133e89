import type { TFunction } from 'i18next'
import { useTranslation } from '../i18n/useTranslation'

export interface TypingIndicatorProps {
  names: string[]
}

/** "Jérôme écrit…", for the first names of those who type, empty for somebody unknown; empty when nobody does. */
export function typingText(t: TFunction, names: readonly string[]): string {
  const [first, second] = names
  if (first === undefined) return ''
  if (second === undefined) return first ? t('typing.one', { name: first }) : t('typing.somebody')
  return names.length === 2 && first && second ? t('typing.two', { first, second }) : t('typing.many')
}

/** The same as a line that keeps its place when nobody types. */
export function TypingIndicator({ names }: TypingIndicatorProps) {
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
