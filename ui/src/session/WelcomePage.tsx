import { useLayoutEffect, useState } from 'react'
import { fullName } from '../i18n/personName'
import { useWelcomeTexts } from '../i18n/welcome/texts'
import { replacePath } from '../lib/route'
import { PageLink } from '../parts/PageLink'
import { type Invitation, readInvitation } from './invitation'
import { LoginFrame } from './LoginFrame'
import { useAdmission } from './useAdmission'
import type { SessionHandle } from './useSession'
import { WelcomeDone } from './WelcomeDone'
import { WelcomeForm } from './WelcomeForm'

/** The page that an access letter leads to: a one-time code is exchanged for a password of one's own. */
export function WelcomePage({ handle }: { handle: SessionHandle }) {
  const t = useWelcomeTexts()
  const invitation = useInvitation()
  const { admission, admit, enter } = useAdmission(handle.enter)
  const { session } = handle
  const isKnown = invitation.username !== '' && invitation.code !== ''
  return (
    <LoginFrame title={t('title')}>
      {admission ? (
        <WelcomeDone admission={admission} onEnter={enter} />
      ) : (
        <>
          <p className="login-text">{t(isKnown ? 'textKnown' : 'text')}</p>
          {session.status === 'active' && (
            <p className="alert is-info" role="status">
              {t('other', { name: fullName(session.me) })}
            </p>
          )}
          <WelcomeForm key={invitation.username + invitation.code} invitation={invitation} onSubmit={admit} />
          <PageLink path="/">{t('hasPassword')}</PageLink>
        </>
      )}
    </LoginFrame>
  )
}

/** The code stays neither in the address nor in the history. Another letter may be scanned while the page is open. */
function useInvitation(): Invitation {
  const [invitation, setInvitation] = useState(() => readInvitation(window.location.hash))
  useLayoutEffect(() => {
    const take = () => {
      if (!window.location.hash) return
      setInvitation(readInvitation(window.location.hash))
      replacePath(window.location.pathname)
    }
    take()
    window.addEventListener('hashchange', take)
    return () => {
      window.removeEventListener('hashchange', take)
    }
  }, [])
  return invitation
}
