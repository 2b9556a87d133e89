import type { Me } from '../protocol/resources'

/** What somebody logs in with: their address or, without one, their username. */
export function identityOf({ email, username = '' }: Me): string {
  return email || username
}
