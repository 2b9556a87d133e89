import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import type { RosterPlan } from '../../protocol/roster'
import { numberText } from '../numbers'
import { useRosterTexts } from './useRosterTexts'

/** What the files turned out to be. */
export function PlanSource({ plan }: { plan: RosterPlan }) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const { formatText } = useRosterTexts()
  return (
    <section className="panel" aria-labelledby="plan-source">
      <h2 id="plan-source">{t('plan.source')}</h2>
      <dl className="facts">
        <dt>{t('plan.format')}</dt>
        <dd>{formatText(plan.format)}</dd>
        <dt>{t('plan.encoding')}</dt>
        <dd dir="ltr">{plan.encoding.toUpperCase()}</dd>
      </dl>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('plan.file')}</th>
            <th scope="col" className="is-number">
              {t('plan.rows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.files.map(({ name, rows }) => (
            <tr key={name}>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td className="is-number">{numberText(language, rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
