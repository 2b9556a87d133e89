import { useState } from 'react'
import { type CodeAudience, createAccessCodes } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { isLanguage, type Language, loadLanguage } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import type { Establishment } from '../../protocol/resources'
import type { AccessCode } from '../../protocol/roster'
import { AudienceForm } from './AudienceForm'
import { Letters } from './Letters'

type State = { status: 'choosing'; refusal: unknown } | { status: 'preparing' } | { status: 'ready'; codes: AccessCode[] }

/** Access letters for a class, a role or chosen people. The codes stay in memory only, as long as they are shown. */
export function LettersPage({ establishment }: { establishment: Establishment }) {
  const t = useAdminTexts()
  const { language: own } = useTranslation().i18n
  const [language, chooseLanguage] = useLetterLanguage(isLanguage(own) ? own : 'fr')
  const [state, setState] = useState<State>({ status: 'choosing', refusal: null })
  if (state.status === 'ready') {
    return (
      <Letters
        establishment={establishment}
        codes={state.codes}
        language={language}
        onLanguage={chooseLanguage}
        onClose={() => {
          setState({ status: 'choosing', refusal: null })
        }}
      />
    )
  }
  const prepare = (audience: CodeAudience) => {
    setState({ status: 'preparing' })
    createAccessCodes(establishment.id, audience).then(
      (codes) => {
        setState({ status: 'ready', codes })
      },
      (refusal: unknown) => {
        setState({ status: 'choosing', refusal })
      },
    )
  }
  return (
    <>
      <header className="admin-title">
        <h1>{t('letters.title')}</h1>
        <p>{t('letters.intro')}</p>
      </header>
      <AudienceForm
        establishmentId={establishment.id}
        language={language}
        onLanguage={chooseLanguage}
        isPreparing={state.status === 'preparing'}
        refusal={state.status === 'choosing' ? state.refusal : null}
        onSubmit={prepare}
      />
    </>
  )
}

/** As for the page's own, the current one stays if another's file can't be fetched. */
function useLetterLanguage(initial: Language): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(initial)
  const choose = (next: Language) => {
    void loadLanguage(next).then((isLoaded) => {
      if (isLoaded) setLanguage(next)
    })
  }
  return [language, choose]
}
