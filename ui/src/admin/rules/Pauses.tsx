import { useState } from 'react'
import { changePause, liftPause, signOutRoles, startPause } from '../../actions/rulesAction'
import { useRulesTexts } from '../../i18n/rules/texts'
import { fullText } from '../../i18n/time'
import { useTranslation } from '../../i18n/useTranslation'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import type { Establishment, Role } from '../../protocol/resources'
import type { Pause } from '../../protocol/rules'
import { AdminProblem } from '../AdminProblem'
import { listText } from '../numbers'
import { PauseDialog } from './PauseDialog'

interface PausesProps {
  establishment: Establishment
  pauses: Pause[]
  onChanged: () => void
}

/** All but the administration, which is needed on such a day. */
const paused: Role[] = ['student', 'parent', 'teacher', 'staff']

type Asked = { kind: 'pause'; role: Role; pause: Pause | undefined } | { kind: 'signOut'; role: Role }

/** One switch for each role; signing its people out is a second step. */
export function Pauses({ establishment, pauses, onChanged }: PausesProps) {
  const t = useRulesTexts()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [done, setDone] = useState('')
  const { id } = establishment
  const nameOf = (role: Role) => t(`among.${role}`)
  const attempt = async (work: Promise<unknown>) => {
    setError(null)
    setDone('')
    await work.then(onChanged, setError)
  }
  const close = () => {
    setAsked(null)
  }
  return (
    <section className="panel" aria-labelledby="pauses">
      <h2 id="pauses">{t('pauses')}</h2>
      <p className="panel-text">{t('pausesIntro')}</p>
      <ul className="pauses">
        {paused.map((role) => (
          <RolePause
            key={role}
            role={role}
            pauses={pauses.filter((pause) => pause.roles.includes(role))}
            onStart={() => { setAsked({ kind: 'pause', role, pause: undefined }) }}
            onChange={(pause) => { setAsked({ kind: 'pause', role, pause }) }}
            onLift={(all) => void attempt(Promise.all(all.map((pause) => liftPause(id, pause.id))))}
            onSignOut={() => { setAsked({ kind: 'signOut', role }) }}
          />
        ))}
      </ul>
      {error !== null && <AdminProblem error={error} />}
      <p className="panel-status" role="status">
        {done}
      </p>
      {asked?.kind === 'pause' && (
        <PauseDialog
          title={t('pauseTitle', { role: nameOf(asked.role) })}
          zone={establishment.timezone}
          pause={asked.pause}
          onSave={(fields) => {
            const { pause, role } = asked
            close()
            void attempt(pause ? changePause(id, pause.id, fields) : startPause(id, [role], fields))
          }}
          onClose={close}
        />
      )}
      {asked?.kind === 'signOut' && (
        <ConfirmDialog
          title={t('signOutTitle', { role: nameOf(asked.role) })}
          text={t('signOutText')}
          action={t('signOutConfirm')}
          onConfirm={() => {
            const { role } = asked
            close()
            void attempt(signOutRoles(id, [role]).then((count) => { setDone(t('signedOut', { count })) }))
          }}
          onClose={close}
        />
      )}
    </section>
  )
}

interface RolePauseProps {
  role: Role
  /** Of this role. */
  pauses: Pause[]
  onStart: () => void
  onChange: (pause: Pause) => void
  onLift: (pauses: Pause[]) => void
  onSignOut: () => void
}

function RolePause({ role, pauses, onStart, onChange, onLift, onSignOut }: RolePauseProps) {
  const t = useRulesTexts()
  const { language } = useTranslation().i18n
  const [first] = pauses
  const others = first?.roles.filter((one) => one !== role).map((one) => t(`among.${one}`)) ?? []
  return (
    <li>
      <label className="rule-line">
        <span>
          <strong className="pause-role">{t(`among.${role}`)}</strong>
          <span className="field-hint">{first ? statusOf(first) : t('running')}</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="switch-control"
          aria-label={t('pauseOf', { role: t(`among.${role}`) })}
          checked={first !== undefined}
          onChange={() => {
            if (first) onLift(pauses)
            else onStart()
          }}
        />
      </label>
      {first && (
        <div className="pause-more">
          {first.text && (
            <p className="pause-said" dir="auto">
              {first.text}
            </p>
          )}
          {others.length > 0 && <p className="field-hint">{t('pauseShared', { roles: listText(language, others) })}</p>}
          <button type="button" className="text-button" onClick={() => { onChange(first) }}>
            {t('pauseChange')}
          </button>
          <button type="button" className="text-button" onClick={onSignOut}>
            {t('signOut')}
          </button>
          <p className="field-hint">{t('signOutHint')}</p>
        </div>
      )}
    </li>
  )

  function statusOf({ from, until }: Pause): string {
    if (Date.parse(from) > Date.now()) return t('pausedFrom', { when: fullText(language, new Date(from)) })
    return until ? t('pausedUntil', { when: fullText(language, new Date(until)) }) : t('pausedNow')
  }
}
