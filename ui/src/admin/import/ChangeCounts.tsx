import { useState } from 'react'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import type { Id } from '../../protocol/resources'
import type { RosterPlan } from '../../protocol/roster'
import { numberText } from '../numbers'
import { ChangeList } from './ChangeList'
import { type Count, countedOnly, useRosterTexts } from './useRosterTexts'

/** The numbers of a plan; each opens the list of what it counts. */
export function ChangeCounts({ establishmentId, plan }: { establishmentId: Id; plan: RosterPlan }) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const { counts } = useRosterTexts()
  const [opened, setOpened] = useState<Count | null>(null)
  const shown = counts(plan)
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="plan-changes">
      <h2 id="plan-changes" className="visually-hidden">
        {t('plan.changes')}
      </h2>
      {[shown.filter(isOfPeople), shown.filter((count) => !isOfPeople(count))].map(
        (part, index) =>
          part.length > 0 && (
            <ul key={index} className={index === 0 ? 'counts' : 'counts is-minor'}>
              {part.map((count) => (
                <li key={`${count.kind} ${count.action}`}>
                  <CountTile
                    count={count}
                    number={numberText(language, count.value)}
                    onOpen={() => {
                      setOpened(count)
                    }}
                  />
                </li>
              ))}
            </ul>
          ),
      )}
      {opened && (
        <ChangeList
          establishmentId={establishmentId}
          planId={plan.id}
          count={opened}
          onClose={() => {
            setOpened(null)
          }}
        />
      )}
    </section>
  )
}

function isOfPeople({ kind }: Count): boolean {
  return kind === 'people'
}

function CountTile({ count, number, onOpen }: { count: Count; number: string; onOpen: () => void }) {
  const content = (
    <>
      <strong>{number}</strong> <span>{count.label}</span>
    </>
  )
  if (countedOnly.has(count.action)) return <p className="count is-plain">{content}</p>
  return (
    <button type="button" className={`count${count.action === 'leaving' ? ' is-leaving' : ''}`} aria-haspopup="dialog" onClick={onOpen}>
      {content}
    </button>
  )
}
