/** Why a session ended, as the login page says it. */
export type SessionEnd = 'expired' | 'disabled'

export interface Connection {
  /** Origin and path before /api and /ws, without a slash at the end; '' is the page's own origin. */
  baseUrl: string
  getToken: () => string
  /** Called when the server no longer accepts the token, or the account is disabled. */
  onSessionEnd: (reason: SessionEnd) => void
}

const connection: Connection = {
  baseUrl: '',
  getToken: () => '',
  onSessionEnd: () => undefined,
}

/** The one place that says where the server is and who is calling; the application fills it at start. */
export function configureConnection(settings: Partial<Connection>): void {
  Object.assign(connection, settings)
}

export function currentConnection(): Readonly<Connection> {
  return connection
}

export function socketUrl(userId: number): string {
  const base = new URL(connection.baseUrl || window.location.origin, window.location.origin)
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  return `${base.origin}${base.pathname.replace(/\/$/, '')}/ws/chat/${userId}/`
}
