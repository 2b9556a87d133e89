import './help.css'
import { lazy, Suspense, useState } from 'react'
import { useHelpTexts } from '../../i18n/help/texts'
import type { HelpSection } from './HelpDialog'

const HelpDialog = lazy(async () => ({ default: (await import('./HelpDialog')).HelpDialog }))
const offered = ['use', 'privacy', 'accessibility', 'about'] as const

/** The links below a page without a session. */
export function LoginHelp() {
  const t = useHelpTexts()
  const [section, setSection] = useState<HelpSection | null>(null)
  return (
    <footer className="login-help">
      {offered.map((one) => (
        <button key={one} type="button" className="text-button" onClick={() => { setSection(one) }}>
          {one === 'use' ? t('title') : t(`section.${one}`)}
        </button>
      ))}
      {section && (
        <Suspense>
          <HelpDialog section={section} onClose={() => { setSection(null) }} />
        </Suspense>
      )}
    </footer>
  )
}
