import { numberText } from '../numbers'
import { useAdminTexts } from '../../i18n/admin/texts'
import { fullName } from '../../i18n/personName'
import { useTranslation } from '../../i18n/useTranslation'
import type { InvitationCounts } from '../../protocol/invitations'

const steps = ['joined', 'sent', 'waiting', 'new', 'failed', 'no_address'] as const

/** How many people are how far, and whose mail came back. */
export function InvitationProgress({ counts }: { counts: InvitationCounts }) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const hours = counts.per_hour > 0 ? Math.ceil(counts.waiting / counts.per_hour) : 0
  if (counts.people === 0) return <p className="panel-text">{t('letters.nobody')}</p>
  return (
    <>
      <dl className="invitation-counts" aria-label={t('invite.counts')}>
        {steps.map(
          (step) =>
            (counts[step] > 0 || step === 'joined') && (
              <div key={step} className={`is-${step}`}>
                <dt>{t(`invite.count.${step}`)}</dt>
                <dd>{numberText(language, counts[step])}</dd>
              </div>
            ),
        )}
      </dl>
      {counts.waiting > 0 && hours > 1 && <p className="panel-text">{t('invite.pace', { count: counts.per_hour, hours })}</p>}
      {counts.no_address > 0 && <p className="panel-text">{t('invite.noAddressHint')}</p>}
      {counts.failures.length > 0 && (
        <details className="invitation-failures">
          <summary>{t('invite.failures', { count: counts.failed })}</summary>
          <p className="panel-text">{t('invite.failuresHint')}</p>
          <ul>
            {counts.failures.map(({ user, reason }) => (
              <li key={user.id}>
                <strong>
                  <bdi>{fullName(user)}</bdi>
                </strong>{' '}
                <span dir="ltr">{user.email}</span>
                <small lang="en" dir="ltr">
                  {reason}
                </small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
