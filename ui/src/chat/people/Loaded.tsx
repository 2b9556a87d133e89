import { LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorText } from '../../i18n/errorText'
import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { RetryAlert } from '../../parts/RetryAlert'
import type { Load } from './useLoads'

addLaterTexts()

interface LoadedProps<T> {
  load: Load<T> | undefined
  none: string
  more: string
  onMore: () => void
  children: (items: readonly T[]) => ReactNode
}

/** A list as far as it is loaded, with the button for more of it, or why there is none. */
export function Loaded<T>({ load, none, more, onMore, children }: LoadedProps<T>) {
  const { t } = useTranslation()
  const { items, next, progress } = load ?? { items: [], next: null, progress: { status: 'loading' } as const }
  return (
    <>
      {items.length > 0 && children(items)}
      {progress.status === 'ready' && next && (
        <button type="button" className="text-button list-more" onClick={onMore}>
          {more}
        </button>
      )}
      <p className="directory-note" role="status">
        {progress.status === 'loading' && (
          <>
            <LoaderCircle className="spinner" size={16} aria-hidden="true" /> {t('directory.loading')}
          </>
        )}
        {progress.status === 'ready' && items.length === 0 && none}
      </p>
      {progress.status === 'failed' && (
        <RetryAlert text={progress.code === 'network' ? t('directory.offline') : errorText(t, progress.code)} onRetry={onMore} />
      )}
    </>
  )
}
