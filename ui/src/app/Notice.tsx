import { LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/useTranslation'

/** While a page is fetched. */
export function Loading() {
  const { t } = useTranslation()
  return (
    <Notice>
      <LoaderCircle className="spinner" size={28} aria-hidden="true" />
      <p>{t('app.loading')}</p>
    </Notice>
  )
}

/** A page of its own, without the chat. */
export function Notice({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <main className="app-notice">
      <h1 className="visually-hidden">{t('app.name')}</h1>
      {children}
    </main>
  )
}
