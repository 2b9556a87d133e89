import { useTranslation } from '../i18n/useTranslation'

/** Why something couldn't be loaded, and a button that tries again. */
export function RetryAlert({ text, onRetry }: { text: string; onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <p className="alert" role="alert">
      {text}{' '}
      <button type="button" className="text-button" onClick={onRetry}>
        {t('app.retry')}
      </button>
    </p>
  )
}
