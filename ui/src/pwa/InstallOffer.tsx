import './update.css'
import { useEffect, useState } from 'react'
import { useHelpTexts } from '../i18n/help/texts'
import { comesAgain, dismissInstall, isInstallDismissed } from './visits'

/** Chromium's event; public/display.js keeps it. */
interface InstallPrompt {
  prompt: () => Promise<unknown>
}

declare global {
  interface Window {
    messagerieInstall?: InstallPrompt
  }
}

/** From the second day on, until it is refused: offers to install the page, or says how on an iPhone, which has no such button. */
export function InstallOffer() {
  const t = useHelpTexts()
  const [mayOffer, setMayOffer] = useState(() => comesAgain() && !isInstallDismissed() && !isInstalled())
  const [offer, setOffer] = useState(() => window.messagerieInstall)
  useEffect(() => {
    // The browser may take its time.
    const take = () => {
      setOffer(window.messagerieInstall)
    }
    addEventListener('beforeinstallprompt', take)
    return () => {
      removeEventListener('beforeinstallprompt', take)
    }
  }, [])
  if (!mayOffer || !(offer ?? isIOS())) return null
  const close = () => {
    dismissInstall()
    setMayOffer(false)
  }
  return (
    <aside className="update" aria-label={t('install.label')}>
      <p>{t(offer ? 'install.offer' : 'install.ios')}</p>
      {offer && (
        <button
          type="button"
          className="button is-primary"
          onClick={() => {
            close()
            void offer.prompt().catch(() => undefined)
          }}
        >
          {t('install.action')}
        </button>
      )}
      <button type="button" className="button" onClick={close}>
        {t('install.never')}
      </button>
    </aside>
  )
}

function isInstalled(): boolean {
  return window.matchMedia('(display-mode: standalone)').matches
}

/** An iPad says that it is a Mac, which has no touch screen. */
function isIOS(): boolean {
  const { userAgent, maxTouchPoints } = navigator
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)
}
