import type { TFunction } from 'i18next'
import { useTranslation } from '../i18n/useTranslation'

export interface TypingIndicatorProps {
  names: string[]
}

/** "Jérôme écrit…", from the first names of the people who are typing, empty for somebody unknown; empty if nobody is. */
export function typingText(t: TFunction, names: readonly string[]): string {
  const [first, second] = names
  if (first === undefined) return ''
  if (second === undefined) return first ? t('typing.one', { name: first }) : t('typing.somebody')
  return names.length === 2 && first && second ? t('typing.two', { first, second }) : t('typing.many')
}

/** The same as a line that keeps its space when nobody is typing. */
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
