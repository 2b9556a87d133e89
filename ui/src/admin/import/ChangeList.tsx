import './import.css'
import { useEffect, useState } from 'react'
import { isAbort } from '../../actions/apiCall'
import { fetchChanges } from '../../actions/rosterAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { Modal } from '../../parts/Modal'
import type { Id } from '../../protocol/resources'
import type { RosterChange } from '../../protocol/roster'
import { AdminProblem } from '../AdminProblem'
import { numberText } from '../numbers'
import { useChangeTexts } from './useChangeTexts'
import type { Count } from './useRosterTexts'

interface ChangeListProps {
  establishmentId: Id
  planId: Id
  count: Count
  onClose: () => void
}

/** The changes of one kind, page by page. */
export function ChangeList({ establishmentId, planId, count, onClose }: ChangeListProps) {
  const t = useAdminTexts()
  const { language } = useTranslation().i18n
  const { changes, isLoading, error, more } = useChanges(establishmentId, planId, count)
  return (
    <Modal title={`${numberText(language, count.value)} ${count.label}`} isSheet onClose={onClose}>
      <div className="changes">
        <ul aria-label={t('plan.changes')} aria-busy={isLoading}>
          {changes.map((change, index) => (
            <Change key={index} change={change} />
          ))}
        </ul>
        {error !== null && <AdminProblem error={error} />}
        {isLoading && <p className="panel-text">{t('plan.loading')}</p>}
        {!isLoading && error === null && changes.length === 0 && <p className="panel-text">{t('plan.emptyList')}</p>}
        {more && (
          <button type="button" className="button" disabled={isLoading} onClick={more}>
            {t('plan.more')}
          </button>
        )}
      </div>
    </Modal>
  )
}

function Change({ change }: { change: RosterChange }) {
  const { titleOf, detailsOf } = useChangeTexts()
  return (
    <li className="change">
      <strong dir="auto">{titleOf(change)}</strong>
      {detailsOf(change).map(({ label, text }) => (
        <span key={label}>
          {label} : <bdi>{text}</bdi>
        </span>
      ))}
    </li>
  )
}

interface Listing {
  changes: RosterChange[]
  /** The next page to fetch; null for none, undefined for the first. */
  next: string | null | undefined
  error: unknown
}

function useChanges(establishmentId: Id, planId: Id, { kind, action }: Count) {
  const [{ changes, next, error }, setListing] = useState<Listing>({ changes: [], next: undefined, error: null })
  // The page that is being fetched; false for none.
  const [page, setPage] = useState<string | undefined | false>(undefined)
  useEffect(() => {
    if (page === false) return
    const abort = new AbortController()
    fetchChanges(establishmentId, planId, { kind, action, ...(page ? { page } : {}), signal: abort.signal }).then(
      ({ value, next: following }) => {
        // A server that doesn't know the filters sends everything.
        const found = value.changes.filter((change) => change.kind === kind && change.action === action)
        setListing((before) => ({ changes: [...before.changes, ...found], next: following, error: null }))
        // A page without any of them isn't a reason to click again.
        setPage(found.length === 0 && following && following !== page ? following : false)
      },
      (reason: unknown) => {
        if (isAbort(reason)) return
        setListing((before) => ({ ...before, next: page, error: reason }))
        setPage(false)
      },
    )
    return () => {
      abort.abort()
    }
  }, [establishmentId, planId, kind, action, page])
  const isLoading = page !== false
  const more =
    isLoading || next === null
      ? null
      : () => {
          setPage(next)
        }
  return { changes, isLoading, error, more }
}
