import { LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { InstantChat } from './chat/InstantChat'
import { startLanguage } from './i18n/i18n'
import { useConversationRoute } from './lib/route'
import { readStored, writeStored } from './lib/storage'
import { assertNever } from './lib/assertNever'
import type { Id, Me } from './protocol'
import { AccountMenu } from './session/AccountMenu'
import { LoginPage } from './session/LoginPage'
import { useSession } from './session/useSession'

export function App() {
  const { t } = useTranslation()
  const { session, logIn, logOut, retry } = useSession()
  switch (session.status) {
    case 'restoring':
      return (
        <Notice>
          <LoaderCircle className="spinner" size={28} aria-hidden="true" />
          <p>{t('app.loading')}</p>
        </Notice>
      )
    case 'unreachable':
      return (
        <Notice>
          <p role="alert">{t('app.unreachable')}</p>
          <button type="button" className="button is-primary" onClick={retry}>
            {t('app.retry')}
          </button>
        </Notice>
      )
    case 'ended':
      return <LoginPage reason={session.reason} onLogIn={logIn} />
    case 'active':
      return <Home key={session.me.id} me={session.me} onLogOut={logOut} />
    default:
      return assertNever(session)
  }
}

const establishmentKey = 'messagerie.establishment'

function Home({ me, onLogOut }: { me: Me; onLogOut: () => void }) {
  const { t } = useTranslation()
  const [selectedId, select] = useConversationRoute()
  const [chosenId, setChosenId] = useState(() => Number(readStored(establishmentKey)))
  const establishment = me.establishments.find((one) => one.id === chosenId) ?? me.establishments[0]
  useEffect(() => {
    void startLanguage(me.locale)
  }, [me.locale])

  if (!establishment) {
    return (
      <Notice>
        <p>{t('account.noEstablishment')}</p>
        <button type="button" className="button" onClick={onLogOut}>
          {t('account.logout')}
        </button>
      </Notice>
    )
  }
  const chooseEstablishment = (id: Id) => {
    writeStored(establishmentKey, String(id))
    setChosenId(id)
  }
  return (
    <InstantChat
      userProfileId={me.id}
      establishmentId={establishment.id}
      selectedId={selectedId}
      onSelect={select}
      menu={
        <AccountMenu me={me} establishmentId={establishment.id} onEstablishment={chooseEstablishment} onLogOut={onLogOut} />
      }
    />
  )
}

function Notice({ children }: { children: ReactNode }) {
  return <main className="app-notice">{children}</main>
}
