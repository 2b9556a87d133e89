/** Why a session ended: the token is no longer accepted, or the account was disabled. */
export type SessionEnd = 'expired' | 'disabled'

export interface Connection {
  /** What stands before /api and /ws, as "https://messagerie.ecole.example"; '' is the page's own origin. */
  baseUrl: string
  /** Asked at each request and each connection, so that it may be renewed; '' for nobody. */
  getToken: () => string
  /** Called when the server no longer accepts the token, or the account is disabled. */
  onSessionEnd: (reason: SessionEnd) => void
}

const connection: Connection = {
  baseUrl: '',
  getToken: () => '',
  onSessionEnd: () => undefined,
}

/**
 * The one place that says where the server is and who is calling, once for the whole page and before
 * anything else is asked for. From another origin the server must allow it: `server.allowed_origins`.
 */
export function configureConnection(settings: Partial<Connection>): void {
  Object.assign(connection, settings)
  connection.baseUrl = connection.baseUrl.replace(/\/+$/, '')
}

export function currentConnection(): Readonly<Connection> {
  return connection
}

export function socketUrl(userId: number): string {
  const base = new URL(connection.baseUrl || window.location.origin, window.location.origin)
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  return `${base.origin}${base.pathname.replace(/\/$/, '')}/ws/chat/${userId}/`
}
