import { CloudOff, School } from 'lucide-react'
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from 'react'
import { InstantChat } from '../chat/InstantChat'
import { useTranslation } from '../i18n/useTranslation'
import { i18n, startLanguage } from '../i18n/i18n'
import { conversationIn } from '../lib/place'
import { goTo, mailedLinkOf, placeOf, replacePath, usePath, usePlaceRoute } from '../lib/route'
import { assertNever } from '../lib/assertNever'
import { lazily } from '../lib/lazily'
import { Covered } from '../parts/Covered'
import type { Me } from '../protocol/resources'
import { AccountMenu } from '../session/AccountMenu'
import type { EndReason } from '../session/sessionReducer'
import { storedIdentity } from '../session/token'
import { type SessionHandle, useSession } from '../session/useSession'
import { UpdateOffer } from '../pwa/UpdateOffer'
import { useOfflineCopy } from '../pwa/useOfflineCopy'
import { AskedLeave } from './AskedLeave'
import { device } from './device'
import { Loading, Notice } from './Notice'
import { SecondFactorPrompt } from './SecondFactorPrompt'
import { useEstablishment } from './useEstablishment'
import { useUnreadTitle } from './useUnreadTitle'

// Rarely used pages are loaded on demand. Most people have a session.
const LoginPage = lazy(async () => ({ default: (await import('../session/LoginPage')).LoginPage }))
const ForgotPasswordPage = lazy(async () => ({ default: (await import('../session/ForgotPasswordPage')).ForgotPasswordPage }))
const ResetPasswordPage = lazy(async () => ({ default: (await import('../session/ResetPasswordPage')).ResetPasswordPage }))
const ConfirmAddressPage = lazy(async () => ({ default: (await import('../session/ConfirmAddressPage')).ConfirmAddressPage }))
const ProviderCallbackPage = lazy(async () => ({ default: (await import('../session/ProviderCallbackPage')).ProviderCallbackPage }))
const TemporaryPasswordPage = lazy(async () => ({ default: (await import('../session/TemporaryPasswordPage')).TemporaryPasswordPage }))
const SecondFactorPage = lazy(async () => ({ default: (await import('../session/SecondFactorPage')).SecondFactorPage }))
const WelcomePage = lazy(async () => ({ default: (await import('../session/WelcomePage')).WelcomePage }))
const AdminHome = lazy(async () => ({ default: (await import('./AdminHome')).AdminHome }))
const SessionDialog = lazily(async () => (await import('./SessionDialog')).SessionDialog)
const HelpDialog = lazily(async () => (await import('../session/help/HelpDialog')).HelpDialog)
const InstallOffer = lazily(async () => (await import('../pwa/InstallOffer')).InstallOffer)
const ServerNotice = lazily(async () => (await import('./ServerNotice')).ServerNotice)
const ProfileDialog = lazy(async () => ({ default: (await import('./ProfileDialog')).ProfileDialog }))

export function App() {
  const handle = useSession(device)
  const path = usePath()
  const mailed = mailedLinkOf(path)
  usePageLanguage()
  return (
    <Suspense fallback={<Loading />}>
      <UpdateOffer />
      <SecondFactorPrompt />
      {mailed?.page === 'reset-password' ? (
        <ResetPasswordPage token={mailed.token} />
      ) : mailed ? (
        <ConfirmAddressPage token={mailed.token} />
      ) : path === '/login/callback' ? (
        <ProviderCallbackPage handle={handle} />
      ) : path === '/welcome' ? (
        <WelcomePage handle={handle} />
      ) : (
        <Place handle={handle} path={path} />
      )}
    </Suspense>
  )
}

function usePageLanguage(): void {
  const { language } = useTranslation().i18n
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = i18n.dir(language)
  }, [language])
}

function Place({ handle, path }: { handle: SessionHandle; path: string }) {
  const { t } = useTranslation()
  const { session, logIn, retry } = handle
  switch (session.status) {
    case 'restoring':
      return <Loading />
    case 'unreachable':
      return (
        <Notice>
          <CloudOff size={40} strokeWidth={1.5} aria-hidden="true" />
          <div role="alert">
            <h1>{t('app.unreachable')}</h1>
            <p>{t('app.unreachableHint')}</p>
          </div>
          <button type="button" className="button is-primary" onClick={retry}>
            {t('app.retry')}
          </button>
        </Notice>
      )
    case 'ended':
      return <Entrance path={path} reason={session.reason} onLogIn={logIn} onShown={handle.afterLeaving} />
    case 'active':
    case 'expired': {
      const { me, typed } = session
      const isActive = session.status === 'active'
      if (isActive && me.temporary_password) {
        return (
          <AskedLeave me={me} onLeave={handle.logOut}>
            {(leave) => (
              <TemporaryPasswordPage
                typed={typed}
                onChange={(current, password) => handle.changePassword(me, current, password)}
                onLogOut={leave}
              />
            )}
          </AskedLeave>
        )
      }
      if (isActive && me.second_factor === 'required') {
        return (
          <AskedLeave me={me} onLeave={handle.logOut}>
            {(leave) => (
              <SecondFactorPage
                onDone={() => {
                  handle.changeMe({ second_factor: 'on' })
                }}
                onLogOut={leave}
              />
            )}
          </AskedLeave>
        )
      }
      return (
        <>
          <Covered value={!isActive}>
            {path.startsWith('/admin') ? (
              <AdminHome key={me.id} me={me} path={path} isActive={isActive} />
            ) : (
              <Home key={me.id} me={me} isActive={isActive} handle={handle} />
            )}
          </Covered>
          {!isActive && <Expired me={me} typed={typed} handle={handle} />}
        </>
      )
    }
    default:
      return assertNever(session)
  }
}

function Expired({ me, typed, handle }: { me: Me; typed: string | null; handle: SessionHandle }) {
  // Hiding the page removes the focus before the dialog, which has to be fetched, could remember it.
  const [opener] = useState(() => document.activeElement)
  return (
    <AskedLeave me={me} onLeave={handle.logOut}>
      {(leave) => (
        <SessionDialog me={me} typed={typed} handle={handle} opener={opener instanceof HTMLElement ? opener : null} onLeave={leave} />
      )}
    </AskedLeave>
  )
}

interface EntranceProps {
  path: string
  reason: EndReason | null
  onLogIn: SessionHandle['logIn']
  /** Whatever was before is gone. */
  onShown: () => void
}

/** What was typed on one page is filled in on the other until somebody logs in; at first it is that of an expired session. */
function Entrance({ path, reason, onLogIn, onShown }: EntranceProps) {
  const [identity, setIdentity] = useState(storedIdentity)
  useEffect(onShown, [onShown])
  // People start typing as soon as it is open.
  useEffect(() => {
    const timer = window.setTimeout(() => void import('../session/ForgotPasswordPage').catch(() => undefined), preloadAfter)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  // The path is a conversation of somebody who has logged out.
  const isTheirs = reason === 'left' && placeOf(path) !== null
  useEffect(() => {
    if (isTheirs) replacePath('/')
  }, [isTheirs])
  if (path === '/forgot-password') return <ForgotPasswordPage email={identity} onEmail={setIdentity} />
  return <LoginPage reason={reason} identity={identity} onIdentity={setIdentity} onLogIn={onLogIn} />
}

/** Waits for the first conversation to load first. */
const preloadAfter = 4_000

interface HomeProps {
  me: Me
  isActive: boolean
  handle: SessionHandle
}

/** Stays mounted while the session has expired: the person continues where they were. */
function Home({ me, isActive, handle }: HomeProps) {
  const { t } = useTranslation()
  const [selected, select] = usePlaceRoute()
  const [isProfileOpen, setIsProfileOpen] = useState(false)
  const [isHelpOpen, setIsHelpOpen] = useState(false)
  const [establishment, chooseEstablishment] = useEstablishment(me)
  const [unread, setUnread] = useState(0)
  const [isLeaving, setIsLeaving] = useState(false)
  useUnreadTitle(unread, isActive)
  useOfflineCopy(me.id, conversationIn(selected), isActive)
  const isLate = usePreloadedDialog()
  useEffect(() => {
    void startLanguage(me.locale)
  }, [me.locale])

  if (!establishment) {
    return (
      <Notice>
        <School size={40} strokeWidth={1.5} aria-hidden="true" />
        <h1>{t('account.noEstablishment')}</h1>
        <p>{t('account.noEstablishmentHint')}</p>
        <AskedLeave me={me} onLeave={handle.logOut}>
          {(leave) => (
            <button type="button" className="button" onClick={leave}>
              {t('account.logout')}
            </button>
          )}
        </AskedLeave>
      </Notice>
    )
  }
  return (
    <main className={isActive ? undefined : 'is-covered'}>
      {isActive && me.can?.administer && <ServerNotice />}
      <InstantChat
        userProfileId={me.id}
        establishmentId={establishment.id}
        selected={selected}
        onSelectPlace={select}
        me={me}
        onMe={handle.changeMe}
        onUnread={setUnread}
        menu={
          <AccountMenu
            me={me}
            establishmentId={establishment.id}
            onEstablishment={chooseEstablishment}
            onAdmin={me.can?.administer ? () => { goTo('/admin/import') } : undefined}
            onProfile={() => {
              setIsProfileOpen(true)
            }}
            onHelp={() => {
              setIsHelpOpen(true)
            }}
            onLogOut={() => {
              setIsLeaving(true)
            }}
          />
        }
        leaving={isLeaving ? { onLeave: handle.logOut, onStay: () => { setIsLeaving(false) } } : undefined}
      />
      {isLate && <InstallOffer />}
      {isHelpOpen && (
        <HelpDialog
          onClose={() => {
            setIsHelpOpen(false)
          }}
        />
      )}
      {isProfileOpen && (
        <Suspense fallback={null}>
          <ProfileDialog
            me={me}
            handle={handle}
            onClose={() => {
              setIsProfileOpen(false)
            }}
          />
        </Suspense>
      )}
    </main>
  )
}

/** Preloads the dialog of an expired session: a newer server may no longer have this version's files. Returns whether it is time. */
function usePreloadedDialog(): boolean {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => {
      void SessionDialog.preload()
      setIsLate(true)
    }, preloadAfter)
    return () => {
      window.clearTimeout(timer)
    }
  }, [])
  return isLate
}
