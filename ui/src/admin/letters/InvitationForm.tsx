import { useRef, useState } from 'react'
import { invite } from '../../actions/invitationAction'
import { useAdminTexts } from '../../i18n/admin/texts'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Invitations } from '../../protocol/invitations'
import type { Id } from '../../protocol/resources'
import { AdminProblem } from '../AdminProblem'
import { audienceOf, type Chosen } from './audience'
import { AudienceFields } from './AudienceFields'
import { InvitationProgress } from './InvitationProgress'
import { useInvitationCounts } from './useInvitationCounts'

interface InvitationFormProps {
  establishmentId: Id
  chosen: Chosen
  onChoose: (chosen: Chosen) => void
}

interface Asked {
  again: boolean
  count: number
}

type State = { status: 'idle'; refusal: unknown; done: Invitations | null } | { status: 'sending' }

/** Invites by mail whoever has an address, and shows how far they are. */
export function InvitationForm({ establishmentId, chosen, onChoose }: InvitationFormProps) {
  const t = useAdminTexts()
  const audience = audienceOf(chosen)
  const { counts, error, reload } = useInvitationCounts(establishmentId, audience)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [state, setState] = useState<State>({ status: 'idle', refusal: null, done: null })
  const status = useRef<HTMLParagraphElement>(null)
  const isSending = state.status === 'sending'
  const send = (again: boolean) => {
    if (!audience) return
    setState({ status: 'sending' })
    invite(establishmentId, { ...audience, ...(again ? { again } : {}) })
      .then(
        (done) => {
          setState({ status: 'idle', refusal: null, done })
        },
        (refusal: unknown) => {
          setState({ status: 'idle', refusal, done: null })
        },
      )
      .finally(reload)
  }
  // People who were chosen one by one are written to although the last mail came back: perhaps their mailbox was full.
  const fresh = counts ? counts.new + (chosen.way === 'bySelection' ? counts.failed : 0) : 0
  return (
    <div className="panel">
      <AudienceFields
        establishmentId={establishmentId}
        value={chosen}
        onChange={(next) => {
          onChoose(next)
          setState({ status: 'idle', refusal: null, done: null })
        }}
      />
      {audience === null && <p className="panel-text">{t(chosen.way === 'byClass' ? 'letters.missingClass' : 'letters.missingPeople')}</p>}
      {counts && <InvitationProgress counts={counts} />}
      {error !== null && <AdminProblem error={error} />}
      <p ref={status} className="panel-status" role="status" tabIndex={-1}>
        {state.status === 'sending' ? t('invite.sending') : state.done && <Outcome done={state.done} />}
      </p>
      {state.status === 'idle' && state.refusal !== null && <AdminProblem error={state.refusal} />}
      {counts && (
        <div className="panel-actions">
          {counts.sent > 0 && (
            <button
              type="button"
              className="button"
              disabled={isSending}
              onClick={() => {
                setAsked({ again: true, count: counts.sent + fresh })
              }}
            >
              {t('invite.again', { count: counts.sent })}
            </button>
          )}
          {fresh > 0 && (
            <button
              type="button"
              className="button is-primary"
              disabled={isSending}
              onClick={() => {
                setAsked({ again: false, count: fresh })
              }}
            >
              {t('invite.send', { count: fresh })}
            </button>
          )}
        </div>
      )}
      {asked && (
        <ConfirmDialog
          title={t(asked.again ? 'invite.confirmAgainTitle' : 'invite.confirmTitle', { count: asked.count })}
          text={t(asked.again ? 'invite.confirmAgainText' : 'invite.confirmText')}
          action={t('invite.confirm')}
          focusAfter={() => status.current}
          onConfirm={() => {
            setAsked(null)
            send(asked.again)
          }}
          onClose={() => {
            setAsked(null)
          }}
        />
      )}
    </div>
  )
}

function Outcome({ done }: { done: Invitations }) {
  const t = useAdminTexts()
  const isFull = done.results.some(({ result }) => result === 'queue_full')
  return (
    <>
      {done.invited > 0 ? t('invite.done', { count: done.invited }) : t('invite.nobody')}
      {isFull && ` ${t('invite.queueFull')}`}
    </>
  )
}
