import type { SessionEnd } from '../actions/connection'
import { assertNever } from '../lib/assertNever'
import type { Me } from '../protocol/resources'

export type Session =
  | { status: 'restoring' }
  | { status: 'unreachable' }
  /** `typed` is the temporary password, if the person has just logged in with it. */
  | { status: 'active'; me: Me; typed: string | null }
  /**
   * The server requires the person's password again: the page stays mounted and waits. If `me` has a
   * temporary password, it has to be replaced.
   */
  | { status: 'expired'; me: Me; typed: string | null }
  /** `reason` is null if nobody was logged in. */
  | { status: 'ended'; reason: EndReason | null }

/** `left`: somebody logged out, here or in another tab, and nothing of theirs stays. */
export type EndReason = SessionEnd | 'left'

export type SessionEvent =
  | { type: 'restoring' }
  | { type: 'unreachable' }
  | { type: 'entered'; me: Me; typed?: string }
  | { type: 'changed'; fields: Partial<Me> }
  | { type: 'ended'; reason: EndReason | null }

export function sessionReducer(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'restoring':
      return { status: 'restoring' }
    case 'unreachable':
      return { status: 'unreachable' }
    case 'entered':
      return enter(session, event.me, event.typed ?? null)
    case 'changed':
      return session.status === 'active' ? { ...session, me: { ...session.me, ...event.fields } } : session
    case 'ended':
      return end(session, event.reason)
    default:
      return assertNever(event)
  }
}

/** With a temporary password the session stays expired: the password is replaced before anything else. */
function enter(session: Session, me: Me, typed: string | null): Session {
  const waits = session.status === 'expired' && session.me.id === me.id && me.temporary_password
  return { status: waits ? 'expired' : 'active', me, typed }
}

function end(session: Session, reason: EndReason | null): Session {
  // The first reason is the true one: later failures are its consequences.
  if (session.status === 'ended' && reason !== 'left') return session
  const isAtWork = (session.status === 'active' || session.status === 'expired') && !session.me.temporary_password
  return reason === 'expired' && isAtWork ? { status: 'expired', me: session.me, typed: null } : { status: 'ended', reason }
}
