import { type InvitationCounts, type Invitations, isInvitationCounts, isInvitations } from '../protocol/invitations'
import type { Id } from '../protocol/resources'
import { apiCall } from './apiCall'
import type { CodeAudience } from './rosterAction'

/** Mails an access code to everybody who has an address and hasn't come; `again` includes those who were invited before. */
export function invite(establishmentId: Id, audience: CodeAudience & { again?: boolean }): Promise<Invitations> {
  return apiCall({ method: 'POST', path: invitationsPath(establishmentId), body: audience }, isInvitations)
}

/** How far the people are on their way in. */
export function countInvitations(establishmentId: Id, audience: CodeAudience, options: { signal?: AbortSignal } = {}): Promise<InvitationCounts> {
  return apiCall(
    { method: 'POST', path: `${invitationsPath(establishmentId)}audience/`, body: audience, signal: options.signal },
    isInvitationCounts,
  )
}

function invitationsPath(establishmentId: Id): string {
  return `/api/messagerie/invitations/${establishmentId}/`
}
