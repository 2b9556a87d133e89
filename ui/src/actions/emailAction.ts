import { isArrayOf, isEmailAccepted, isUser } from '../protocol/decode'
import type { EmailAccepted, Id, User } from '../protocol/resources'
import { apiCall } from './apiCall'

/**
 * Adds a letter to the server's mail queue: one copy per recipient, sent in the background.
 * `recipients` are ids or addresses of people of the caller's establishments.
 */
export function sendEmail(
  recipients: (Id | string)[],
  subject: string,
  content: string,
  csrfToken: string,
): Promise<EmailAccepted> {
  return apiCall(
    {
      method: 'POST',
      path: '/api/email/send/',
      body: { recipients, subject, content },
      headers: { 'X-CSRFToken': csrfToken },
    },
    isEmailAccepted,
  )
}

/** People whom the caller may e-mail. */
export function searchEmailRecipients(
  establishmentId: Id,
  query: string,
  options: { signal?: AbortSignal } = {},
): Promise<User[]> {
  return apiCall(
    { path: `/api/email/search-recipients/${establishmentId}/`, query: { q: query }, signal: options.signal },
    isArrayOf(isUser),
  )
}
