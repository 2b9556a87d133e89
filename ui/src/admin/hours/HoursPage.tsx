import { useState } from 'react'
import { useRulesTexts } from '../../i18n/rules/texts'
import type { Establishment } from '../../protocol/resources'
import { RulesFrame } from '../rules/RulesFrame'
import { useRules } from '../rules/useRules'
import { Closures } from './Closures'
import { QuietForm } from './QuietForm'
import { Recommended } from './Recommended'

/** When people of an establishment are left in peace. */
export function HoursPage({ establishment: { id } }: { establishment: Establishment }) {
  const t = useRulesTexts()
  const handle = useRules(id)
  const [turn, setTurn] = useState(0)
  return (
    <RulesFrame title={t('hours.title')} intro={t('hours.intro')} handle={handle}>
      {(rules) => (
        <>
          <Recommended
            establishmentId={id}
            rules={rules}
            onSaved={(saved) => {
              handle.put(saved)
              setTurn(turn + 1)
            }}
          />
          <QuietForm
            // Shows what the one press has turned on.
            key={turn}
            establishmentId={id}
            rules={rules}
            onSaved={handle.put}
          />
          <Closures establishmentId={id} closures={rules.closures} onChanged={handle.reload} />
        </>
      )}
    </RulesFrame>
  )
}
