import { useTranslation } from '../i18n/useTranslation'

export interface TypingIndicatorProps {
  names: string[]
}

/** "Jérôme écrit…", for the first names of those who type; keeps its place when nobody does. */
export function TypingIndicator({ names }: TypingIndicatorProps) {
  const { t } = useTranslation()
  const [first, second] = names
  const text =
    first === undefined
      ? ''
      : second === undefined
        ? t('typing.one', { name: first })
        : names.length === 2
          ? t('typing.two', { first, second })
          : t('typing.many')
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
