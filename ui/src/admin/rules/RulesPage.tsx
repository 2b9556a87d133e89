import { useRulesTexts } from '../../i18n/rules/texts'
import type { Establishment } from '../../protocol/resources'
import { ContactTable } from './ContactTable'
import { Pauses } from './Pauses'
import { RulesFrame } from './RulesFrame'
import { useRules } from './useRules'

/** Who may write to whom in an establishment, and the switches for the day on which nobody may. */
export function RulesPage({ establishment }: { establishment: Establishment }) {
  const t = useRulesTexts()
  const handle = useRules(establishment.id)
  return (
    <RulesFrame title={t('title')} intro={t('intro')} handle={handle}>
      {(rules) => (
        <>
          <ContactTable establishmentId={establishment.id} rules={rules} onSaved={handle.put} />
          <Pauses establishment={establishment} pauses={rules.pauses} onChanged={handle.reload} />
        </>
      )}
    </RulesFrame>
  )
}
