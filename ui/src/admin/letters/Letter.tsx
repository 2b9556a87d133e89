import { memo } from 'react'
import { adminTextsIn } from '../../i18n/admin/texts'
import { i18n, type Language } from '../../i18n/i18n'
import { personDescription } from '../../i18n/personDescription'
import { fullName } from '../../i18n/personName'
import { formatDate, localeOf } from '../../i18n/time'
import type { Establishment } from '../../protocol/resources'
import type { AccessCode } from '../../protocol/roster'
import { QrCode } from '../../parts/QrCode'

interface LetterProps {
  access: AccessCode
  language: Language
  school: Establishment
  /** Empty for none. */
  logo: string
}

/** One page: who it is for, the username, the code, and what to do with them. */
export const Letter = memo(function Letter({ access, language, school, logo }: LetterProps) {
  const t = adminTextsIn(language)
  const { user, code, expires_at } = access
  const username = access.username || user.email
  const name = fullName(user)
  const address = `${window.location.origin}/welcome`
  const date = formatDate(language, new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: school.timezone }), new Date(expires_at))
  return (
    <article className="letter" lang={language} dir={i18n.dir(language)} aria-label={name}>
      <header className="letter-header">
        {logo && <img src={logo} alt="" />}
        <p>
          <bdi>{school.name}</bdi>
        </p>
      </header>
      <div className="letter-person">
        <p className="letter-name">
          <bdi>{name}</bdi>
        </p>
        <p>{personDescription(user, true, language)}</p>
      </div>
      <h2>{t('letter.title')}</h2>
      <p>{t('letter.intro')}</p>
      <div className="letter-access">
        <dl>
          <dt>{t('letter.username')}</dt>
          <dd dir="ltr" className={username.length > 24 ? 'is-long' : undefined}>
            {username}
          </dd>
          <dt>{t('letter.code')}</dt>
          <dd dir="ltr" className="letter-code">
            {grouped(code)}
          </dd>
        </dl>
        <QrCode text={welcomeLink(address, username, code)} label={t('letter.qr', { address })} />
      </div>
      <ol className="letter-steps">
        <li>
          {t('letter.step1')}{' '}
          <strong dir="ltr" className="letter-address">
            {address.replace(/^https?:\/\//, '')}
          </strong>
        </li>
        <li>{t('letter.step2')}</li>
        <li>{t('letter.step3')}</li>
      </ol>
      <footer className="letter-footer">
        <p>
          <strong>{t('letter.expires', { date })}</strong>
        </p>
        <p>{t('letter.private')}</p>
      </footer>
    </article>
  )
})

/** After the `#`, which no browser sends to a server. */
function welcomeLink(address: string, username: string, code: string): string {
  return `${address}#u=${encodeURIComponent(username)}&c=${encodeURIComponent(code)}`
}

/** Four by four, unless the server has divided it already. */
function grouped(code: string): string {
  return /[^\p{L}\p{N}]/u.test(code) ? code : code.replace(/(.{4})(?=.)/gu, '$1 ')
}
