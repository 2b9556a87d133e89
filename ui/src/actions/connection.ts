/** Why a session ended: the token is no longer accepted, or the account was disabled. */
export type SessionEnd = 'expired' | 'disabled'

export interface Connection {
  /** What stands before /api and /ws, as "https://messagerie.ecole.example"; '' is the page's own origin. */
  baseUrl: string
  /** Asked at each request and each connection, so that it may be renewed; '' for nobody. */
  getToken: () => string
  /**
   * Called when the server no longer accepts the token, or the account is disabled. Who asks
   * for the password meanwhile returns a promise: the request that was refused waits for it
   * and is sent again where there is another token by then.
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
 * The one place that says where the server is and who is calling, once for the whole page and before
 * anything else is asked for. From another origin the server must allow it: `server.allowed_origins`.
 */
export function configureConnection(settings: Partial<Connection>): void {
  Object.assign(connection, settings)
  connection.baseUrl = connection.baseUrl.replace(/\/+$/, '')
  refused = ''
}

export function currentConnection(): Readonly<Connection> {
  return connection
}

/** The server no longer accepts this token. Resolves once it is clear how the session goes on. */
export async function refuseToken(token: string): Promise<void> {
  refused = token
  await connection.onSessionEnd('expired')
}

/** Whether there is no use in trying with the present token. */
export function isTokenRefused(): boolean {
  return refused !== '' && refused === connection.getToken()
}

const tokenListeners = new Set<() => void>()

/** Says that `getToken` returns another one: a socket that was refused with the old one opens again. */
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
