import './letters.css'
import { Printer } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import type { Language } from '../../i18n/i18n'
import { useLayer } from '../../lib/layers'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Establishment } from '../../protocol/resources'
import type { AccessCode } from '../../protocol/roster'
import { Letter } from './Letter'
import { LetterLanguage } from './LetterLanguage'
import { logoOf, useSchool } from './useSchool'

interface LettersProps {
  establishment: Establishment
  codes: AccessCode[]
  language: Language
  onLanguage: (language: Language) => void
  onClose: () => void
}

/** The letters as they are printed, one page each. They exist only here: whoever goes without printing is asked. */
export function Letters({ establishment, codes, language, onLanguage, onClose }: LettersProps) {
  const t = useAdminTexts()
  const logo = logoOf(useSchool())
  const heading = useRef<HTMLHeadingElement>(null)
  const [isPrinted, setIsPrinted] = useState(codes.length === 0)
  const [isLeaving, setIsLeaving] = useState(false)
  const leave = () => {
    if (isPrinted) onClose()
    else setIsLeaving(true)
  }
  useLayer(leave)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  useEffect(() => {
    if (isPrinted) return
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
    }
  }, [isPrinted])
  useEffect(() => {
    const onPrinted = () => {
      setIsPrinted(true)
    }
    window.addEventListener('afterprint', onPrinted)
    return () => {
      window.removeEventListener('afterprint', onPrinted)
    }
  }, [])
  return (
    <>
      <div className="letters-bar">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {codes.length > 0 ? t('letters.ready', { count: codes.length }) : t('letters.nobody')}
          </h1>
          {codes.length > 0 && <p>{t('letters.readyHint')}</p>}
        </div>
        <div className="letters-actions">
          {codes.length > 0 && <LetterLanguage value={language} onChange={onLanguage} />}
          <button type="button" className="button" onClick={leave}>
            {t('letters.again')}
          </button>
          {codes.length > 0 && (
            <button
              type="button"
              className="button is-primary"
              onClick={() => {
                window.print()
              }}
            >
              <Printer size={16} aria-hidden="true" />
              {t('letters.print')}
            </button>
          )}
        </div>
      </div>
      <div className="letters">
        {codes.map((code) => (
          <Letter key={code.user.id} access={code} language={language} school={establishment} logo={logo} />
        ))}
      </div>
      {isLeaving && (
        <ConfirmDialog
          title={t('letters.leaveTitle')}
          text={t('letters.leaveText')}
          action={t('letters.leave')}
          onConfirm={onClose}
          onClose={() => {
            setIsLeaving(false)
          }}
        />
      )}
    </>
  )
}
