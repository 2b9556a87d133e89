import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'

addLaterTexts()

export interface UnsentText {
  key: string
  content: string
  discard: () => void
}

/** Texts that can no longer be sent, to be copied or deleted. */
export function UnsentTexts({ texts, onCopy }: { texts: UnsentText[]; onCopy: (text: string) => void }) {
  const { t } = useTranslation()
  return (
    <ul className="unsent" aria-label={t('chat.unsent')}>
      {texts.map(({ key, content, discard }) => (
        <li key={key}>
          <p>{content}</p>
          <button type="button" className="text-button" onClick={() => { onCopy(content) }}>
            {t('message.copy')}
          </button>
          <button type="button" className="text-button" onClick={discard}>
            {t('message.delete')}
          </button>
        </li>
      ))}
    </ul>
  )
}
