import { LoaderCircle } from 'lucide-react'
import { useTranslation } from '../../i18n/useTranslation'
import { errorText } from '../../i18n/errorText'

/** Shown until the messages are loaded: `code` is the error if they can't be. */
export function ThreadLoading({ code, onRetry }: { code: string | null; onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="messages pane-note">
      {code === null ? (
        <>
          <LoaderCircle className="spinner" size={24} aria-hidden="true" />
          <span>{t('message.loading')}</span>
        </>
      ) : (
        <>
          <strong>{t('message.loadFailed')}</strong>
          <span>{errorText(t, code)}</span>
          <button type="button" className="button" onClick={onRetry}>
            {t('app.retry')}
          </button>
        </>
      )}
    </div>
  )
}
