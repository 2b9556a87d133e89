import type { SessionEnd } from '../actions/connection'
import { assertNever } from '../lib/assertNever'
import type { Me } from '../protocol'

export type Session =
  | { status: 'restoring' }
  | { status: 'unreachable' }
  /**
   * `generation` grows with each token that replaced one: sockets of the old one are dead.
   * `typed` is the temporary password, where the person has just logged in with it.
   */
  | { status: 'active'; me: Me; generation: number; typed: string | null }
  /** `reason` is null where nobody was logged in, or someone left of their own accord. */
  | { status: 'ended'; reason: SessionEnd | null }

export type SessionEvent =
  | { type: 'restoring' }
  | { type: 'unreachable' }
  | { type: 'entered'; me: Me; typed?: string }
  | { type: 'changed'; fields: Partial<Me> }
  | { type: 'ended'; reason: SessionEnd | null }

export function sessionReducer(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'restoring':
      return { status: 'restoring' }
    case 'unreachable':
      return { status: 'unreachable' }
    case 'entered':
      return {
        status: 'active',
        me: event.me,
        generation: session.status === 'active' ? session.generation + 1 : 0,
        typed: event.typed ?? null,
      }
    case 'changed':
      return session.status === 'active' ? { ...session, me: { ...session.me, ...event.fields } } : session
    case 'ended':
      // The first reason is the true one: requests that fail afterwards know less.
      return session.status === 'ended' ? session : { status: 'ended', reason: event.reason }
    default:
      return assertNever(event)
  }
}
