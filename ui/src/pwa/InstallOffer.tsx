import './update.css'
import { useState } from 'react'
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
  const [isOffered, setIsOffered] = useState(() => comesAgain() && !isInstallDismissed() && !isInstalled() && (window.messagerieInstall !== undefined || isIOS()))
  if (!isOffered) return null
  const close = () => {
    dismissInstall()
    setIsOffered(false)
  }
  const { messagerieInstall: offer } = window
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
