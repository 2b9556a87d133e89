import { useEffect, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from '../i18n/useTranslation'
import { assertNever } from '../lib/assertNever'
import type { LinkState } from './socketLink'

export interface ConnectionStatusProps {
  /** As useWebSocket says it. */
  link: LinkState
  /** Messages written that the server hasn't got yet. */
  waiting: number
  onReconnect: () => void
}

/** Whether there is a link. A screen reader hears each change once, not every second of the countdown. */
export function ConnectionStatus({ link, waiting, onReconnect }: ConnectionStatusProps) {
  const { t } = useTranslation()
  const isWaiting = link.status === 'waiting' || link.status === 'offline'
  return (
    <div className="connection" data-status={link.status}>
      <div role="status" aria-label={t('connection.label')} className="connection-text">
        <span className="connection-dot" aria-hidden="true" />
        {link.status === 'waiting' ? (
          <>
            <Countdown key={link.retryAt} retryAt={link.retryAt} />
            {waiting > 0 && <span>{t('connection.pending', { count: waiting })}</span>}
          </>
        ) : (
          <span>{statusText(t, link, waiting)}</span>
        )}
      </div>
      {isWaiting && (
        <button type="button" className="connection-button" onClick={onReconnect}>
          {t('connection.reconnect')}
        </button>
      )}
    </div>
  )
}

function statusText(t: TFunction, link: Exclude<LinkState, { status: 'waiting' }>, waiting: number): string {
  switch (link.status) {
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
  const [first] = useState(() => secondsUntil(retryAt))
  const [seconds, setSeconds] = useState(first)
  useEffect(() => {
    const timer = window.setInterval(() => {
      setSeconds(secondsUntil(retryAt))
    }, 250)
    return () => {
      window.clearInterval(timer)
    }
  }, [retryAt])
  return (
    <>
      <span className="visually-hidden">{t('connection.waiting', { seconds: first })}</span>
      <span aria-hidden="true">{t('connection.waiting', { seconds })}</span>
    </>
  )
}

function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000))
}
