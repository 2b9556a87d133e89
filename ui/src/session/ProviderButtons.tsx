import './provider.css'
import { useState } from 'react'
import { useProviderTexts } from '../i18n/provider/texts'
import type { LoginProvider } from '../protocol/resources'
import { beginAttempt } from './providerAttempt'

/** Logging in with an account that people have elsewhere, such as the school's own. */
export function ProviderButtons({ providers }: { providers: LoginProvider[] }) {
  const t = useProviderTexts()
  const [isLeaving, setIsLeaving] = useState(false)
  const [isUnavailable, setIsUnavailable] = useState(false)
  const leaveFor = (provider: string) => {
    setIsLeaving(true)
    setIsUnavailable(false)
    beginAttempt(provider)
      .catch(() => {
        setIsUnavailable(true)
      })
      .finally(() => {
        // Also for those who come back by the browser's button.
        setIsLeaving(false)
      })
  }
  return (
    <div className="providers">
      <p className="providers-or">{t('or')}</p>
      {isUnavailable && (
        <p className="alert" role="alert">
          {t('unavailable')}
        </p>
      )}
      {providers.map(({ name, display_name }) => (
        <button
          key={name}
          type="button"
          className="button is-large"
          disabled={isLeaving}
          onClick={() => {
            leaveFor(name)
          }}
        >
          {display_name ? t('logIn', { name: display_name }) : t('logInSchool')}
        </button>
      ))}
    </div>
  )
}
