import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** A real OpenID Connect provider (hooks/apptest/oidcserver), with a log-in page that lists its accounts. */
export interface OidcServer {
  /** The lines of the school's configuration that let its people in. */
  config: string
  stop: () => Promise<void>
}

interface Address {
  issuer: string
  client_id: string
  client_secret: string
  logout_url: string
}

/** Started by go run, which the build has needed as well. The provider ends with its standard input. */
export async function startOidcServer(accounts: string[]): Promise<OidcServer> {
  const child = spawn('go', ['run', './hooks/apptest/oidcserver', ...accounts], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => Promise.reject(new Error('no provider')))])
  const { issuer, client_id, client_secret, logout_url } = JSON.parse(String(line[0])) as Address
  return {
    config: `oidc:
  name: Compte du collège
  issuer: ${issuer}
  client_id: ${client_id}
  client_secret: ${client_secret}
  logout_url: ${logout_url}
`,
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
