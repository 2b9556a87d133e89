import { useHelpTexts } from '../../i18n/help/texts'
import { useSchool } from '../useSchool'
import { DocumentLink } from './DocumentLink'

export function AboutText() {
  const t = useHelpTexts()
  const version = useSchool().school?.about?.version
  return (
    <>
      {version && <p>{t('about.version', { version })}</p>}
      <p>{t('about.licence')}</p>
      <div className="help-links">
        <DocumentLink href="/aide/">{t('about.documents')}</DocumentLink>
        <DocumentLink href="/aide/securite">{t('about.security')}</DocumentLink>
      </div>
    </>
  )
}
