import './session.css'
import { type ReactNode, useEffect } from 'react'
import { addLaterTexts } from '../i18n/later'
import { useTranslation } from '../i18n/useTranslation'
import { currentConnection } from '../actions/connection'
import { LoginHelp } from './help/LoginHelp'
import { LanguageSelect } from './LanguageSelect'
import { Logo } from './Logo'
import { useSchool } from './useSchool'

addLaterTexts()

/** The frame of pages without a session: the school, the title and the language. */
export function LoginFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation()
  const { school } = useSchool()
  const name = school?.name || t('app.name')
  useEffect(() => {
    document.title = `${title} – ${name}`
  }, [title, name])
  return (
    <main className="login">
      <div className="login-card">
        <header className="login-header">
          {school?.logo ? <img className="school-logo" src={currentConnection().baseUrl + school.logo} alt="" /> : <Logo />}
          <div>
            <p className="login-brand" dir="auto">
              {name}
            </p>
            <p className="login-tagline">{t('login.tagline')}</p>
          </div>
        </header>
        <h1>{title}</h1>
        {children}
      </div>
      <LanguageSelect />
      <LoginHelp />
    </main>
  )
}
