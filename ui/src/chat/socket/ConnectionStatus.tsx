import { useEffect, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from '../../i18n/useTranslation'
import { assertNever } from '../../lib/assertNever'
import type { LinkState } from './socketLink'

export interface ConnectionStatusProps {
  /** As returned by useWebSocket. */
  link: LinkState
  /** How many messages the server hasn't received yet. */
  waiting: number
  onReconnect: () => void
}

/** Shows whether there is a link. For screen readers only its loss and its return are announced, not each attempt or second. */
export function ConnectionStatus({ link, waiting, onReconnect }: ConnectionStatusProps) {
  const { t } = useTranslation()
  const spoken = useSpoken(link)
  const isSpokenSeen = spoken === link && link.status !== 'waiting'
  const isWaiting = link.status === 'waiting' || link.status === 'full' || link.status === 'offline'
  return (
    <div className="connection" data-status={link.status}>
      <div role="status" aria-label={t('connection.label')} className="connection-text">
        <span className="connection-dot" aria-hidden="true" />
        <span className={isSpokenSeen ? undefined : 'visually-hidden'}>{statusText(t, spoken, waiting)}</span>
        {!isSpokenSeen && (
          <span aria-hidden="true">
            {link.status === 'waiting' ? <Countdown key={link.retryAt} retryAt={link.retryAt} /> : statusText(t, link, waiting)}
          </span>
        )}
        {(link.status === 'waiting' || link.status === 'full') && waiting > 0 && <span>{t('connection.pending', { count: waiting })}</span>}
      </div>
      {isWaiting && (
        <button type="button" className="connection-button" onClick={onReconnect}>
          {t('connection.reconnect')}
        </button>
      )}
    </div>
  )
}

/** The first state after a loss stands for all later attempts. */
function useSpoken(link: LinkState): LinkState {
  const [spoken, setSpoken] = useState(link)
  const isNextTry = link.status === 'connecting' || (link.status === 'waiting' && spoken.status === 'waiting')
  if (link === spoken || isNextTry) return spoken
  setSpoken(link)
  return link
}

function statusText(t: TFunction, link: LinkState, waiting: number): string {
  switch (link.status) {
    case 'waiting':
      return t('connection.gap')
    case 'full':
      return link.limit === null ? t('error.too_many_sockets') : t('connection.full', { limit: link.limit })
    case 'connecting':
      return t('connection.connecting')
    case 'connected':
      return t('connection.connected')
    case 'offline':
      return waiting > 0 ? t('connection.offlinePending', { count: waiting }) : t('connection.offline')
    case 'closed':
      return t('connection.closed')
    default:
      return assertNever(link)
  }
}

function Countdown({ retryAt }: { retryAt: number }) {
  const { t } = useTranslation()
  const [seconds, setSeconds] = useState(() => secondsUntil(retryAt))
  useEffect(() => {
    const timer = window.setInterval(() => {
      setSeconds(secondsUntil(retryAt))
    }, 250)
    return () => {
      window.clearInterval(timer)
    }
  }, [retryAt])
  return t('connection.waiting', { seconds })
}

function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000))
}
