import { useHelpTexts } from '../../i18n/help/texts'
import { useSchool } from '../useSchool'
import { DocumentLink } from './DocumentLink'

export function AccessibilityText() {
  const t = useHelpTexts()
  const name = useSchool().school?.about?.privacy_contact
  return (
    <>
      <p>
        <strong>{t('accessibility.status')}</strong>
      </p>
      <p>{t('accessibility.checked')}</p>
      <p>{t('accessibility.limits')}</p>
      <p>{name ? t('accessibility.contact', { name }) : t('accessibility.contactDefault')}</p>
      <DocumentLink href="/aide/accessibilite">{t('accessibility.statement')}</DocumentLink>
    </>
  )
}
