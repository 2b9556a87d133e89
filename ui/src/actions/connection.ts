/** Why a session ended: the token is no longer accepted, or the account was disabled. */
export type SessionEnd = 'expired' | 'disabled'

export interface Connection {
  /** The part before /api and /ws, such as "https://messagerie.ecole.example"; '' is the page's own origin. */
  baseUrl: string
  /** Called for each request and each connection, so that the token may be renewed; '' for nobody. */
  getToken: () => string
  /**
   * Called when the server no longer accepts the token, or the account is disabled. To ask for
   * the password, return a promise: the refused request waits for it, and is sent again if
   * there is another token by then.
   */
  onSessionEnd: (reason: SessionEnd) => void | Promise<void>
}

const connection: Connection = {
  baseUrl: '',
  getToken: () => '',
  onSessionEnd: () => undefined,
}

let refused = ''

/**
 * Sets the server and the caller for the whole page. Call it before any other request. Another origin
 * must be allowed by the server: `server.allowed_origins`.
 */
export function configureConnection(settings: Partial<Connection>): void {
  Object.assign(connection, settings)
  connection.baseUrl = connection.baseUrl.replace(/\/+$/, '')
  refused = ''
}

export function currentConnection(): Readonly<Connection> {
  return connection
}

/** The server no longer accepts this token. Resolves once it is clear whether the session continues. */
export async function refuseToken(token: string): Promise<void> {
  refused = token
  await connection.onSessionEnd('expired')
}

/** Whether the current token has been refused. */
export function isTokenRefused(): boolean {
  return refused !== '' && refused === connection.getToken()
}

const tokenListeners = new Set<() => void>()

/** Call it when `getToken` returns another token: a socket that was refused with the old one opens again. */
export function announceToken(): void {
  for (const listener of tokenListeners) listener()
}

export function subscribeToToken(onToken: () => void): () => void {
  tokenListeners.add(onToken)
  return () => tokenListeners.delete(onToken)
}

export function socketUrl(userId: number): string {
  const base = new URL(connection.baseUrl || window.location.origin, window.location.origin)
  base.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  return `${base.origin}${base.pathname.replace(/\/$/, '')}/ws/chat/${userId}/`
}
