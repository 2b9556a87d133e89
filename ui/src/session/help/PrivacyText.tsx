import { useHelpTexts } from '../../i18n/help/texts'
import { useSchool } from '../useSchool'
import { DocumentLink } from './DocumentLink'

/** What people are told about their data (GDPR, articles 13 and 14), with the texts of the school where it has given any. */
export function PrivacyText() {
  const t = useHelpTexts()
  const about = useSchool().school?.about
  return (
    <>
      <h3>{t('privacy.controllerTitle')}</h3>
      <p>{about?.controller ? t('privacy.controller', { name: about.controller }) : t('privacy.controllerDefault')}</p>
      <p>{t('privacy.why')}</p>
      <h3>{t('privacy.whatTitle')}</h3>
      <p>{t('privacy.what')}</p>
      <p>{t('privacy.device')}</p>
      {about && (
        <>
          <h3>{t('privacy.longTitle')}</h3>
          <p>
            {about.leavers_months > 0
              ? `${t('privacy.long', { count: about.leavers_months })} ${t(about.leavers_messages_removed ? 'privacy.messagesRemoved' : 'privacy.messagesKept')}`
              : t('privacy.longNever')}
          </p>
        </>
      )}
      <h3>{t('privacy.rightsTitle')}</h3>
      <p>
        {t('privacy.rights')} {about?.privacy_contact ? t('privacy.contact', { name: about.privacy_contact }) : t('privacy.contactDefault')}
      </p>
      {about?.dpo && <p>{t('privacy.dpo', { name: about.dpo })}</p>}
      <div className="help-links">
        <DocumentLink href="https://www.cnil.fr/fr/adresser-une-plainte">{t('privacy.complaint')}</DocumentLink>
        <DocumentLink href="/aide/donnees">{t('privacy.kept')}</DocumentLink>
        <DocumentLink href="/aide/acces">{t('privacy.access')}</DocumentLink>
      </div>
    </>
  )
}
