import '../../parts/strip.css'
import './help.css'
import { useState } from 'react'
import { useHelpTexts } from '../../i18n/help/texts'
import { KeyList } from '../../parts/KeyList'
import { Modal } from '../../parts/Modal'
import { useCurrentInView } from '../../parts/useCurrentInView'
import { AboutText } from './AboutText'
import { AccessibilityText } from './AccessibilityText'
import { PrivacyText } from './PrivacyText'
import { UseText } from './UseText'

const texts = { use: UseText, keys: KeyList, privacy: PrivacyText, accessibility: AccessibilityText, about: AboutText }
const sections = Object.keys(texts) as HelpSection[]
export type HelpSection = keyof typeof texts

interface HelpDialogProps {
  /** The one that is shown first. */
  section?: HelpSection
  onClose: () => void
}

/** Help, privacy, accessibility and the program itself, for everybody, with or without a session. */
export function HelpDialog({ section = 'use', onClose }: HelpDialogProps) {
  const t = useHelpTexts()
  const [shown, show] = useState(section)
  const row = useCurrentInView<HTMLElement>(shown)
  const Text = texts[shown]
  return (
    <Modal title={t('title')} onClose={onClose}>
      <nav ref={row} className="help-sections strip" aria-label={t('sections')}>
        {sections.map((one) => (
          <button key={one} type="button" aria-current={one === shown ? 'page' : undefined} onClick={() => { show(one) }}>
            {t(`section.${one}`)}
          </button>
        ))}
      </nav>
      <div className="help-text">
        <Text />
      </div>
    </Modal>
  )
}
