import { useState } from 'react'
import { type CodeAudience, createAccessCodes } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { isLanguage, type Language, loadLanguage } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import type { Establishment } from '../../protocol/resources'
import type { AccessCode } from '../../protocol/roster'
import { nobodyChosen } from './audience'
import { AudienceForm } from './AudienceForm'
import { InvitationForm } from './InvitationForm'
import { Letters } from './Letters'
import { useSchool } from './useSchool'
import { type Medium, WayIn } from './WayIn'

type State = { status: 'choosing'; refusal: unknown } | { status: 'preparing' } | { status: 'ready'; codes: AccessCode[] }

/**
 * Access for a class, a role or chosen people: letters to print, or invitations by mail. The codes of letters stay in
 * memory only, as long as they are shown; those of invitations never come here.
 */
export function LettersPage({ establishment }: { establishment: Establishment }) {
  const t = useAdminTexts()
  const { language: own } = useTranslation().i18n
  const [language, chooseLanguage] = useLetterLanguage(isLanguage(own) ? own : 'fr')
  const [state, setState] = useState<State>({ status: 'choosing', refusal: null })
  const [medium, setMedium] = useState<Medium>('paper')
  const [chosen, setChosen] = useState(nobodyChosen)
  const school = useSchool()
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
        <p>{t(medium === 'mail' ? 'invite.intro' : 'letters.intro')}</p>
      </header>
      <WayIn value={medium} onChange={setMedium} sendsMail={school === null ? null : school.password_reset !== false} />
      {medium === 'mail' ? (
        <InvitationForm establishmentId={establishment.id} chosen={chosen} onChoose={setChosen} />
      ) : (
        <AudienceForm
          establishmentId={establishment.id}
          chosen={chosen}
          onChoose={setChosen}
          language={language}
          onLanguage={chooseLanguage}
          isPreparing={state.status === 'preparing'}
          refusal={state.status === 'choosing' ? state.refusal : null}
          onSubmit={prepare}
        />
      )}
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
