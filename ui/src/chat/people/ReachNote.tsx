import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import { type Id, roles } from '../../protocol/resources'
import { useReach } from './useReach'

addLaterTexts()

/** Where somebody isn't found: with whom one may begin a conversation, unless that is everybody. */
export function ReachNote({ establishmentId }: { establishmentId: Id }) {
  const { t, i18n } = useTranslation()
  const reach = useReach(establishmentId)
  if (!reach || reach.length === roles.length) return null
  const names = new Intl.ListFormat(i18n.language).format(reach.map((role) => t(`directory.role.${role}`)))
  return <p className="reach-note">{reach.length > 0 ? t('cannotWrite.reach', { roles: names }) : t('cannotWrite.reachNobody')}</p>
}
