import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'

/** Everybody's in the demo, including the superuser's (hooks/demo/people.go). */
export const password = 'messagerie-demo'

export function emailOf(login: string): string {
  return `${login}@demo.example`
}

const binary = path.resolve(import.meta.dirname, process.env.E2E_BINARY ?? '../../messagerie')
/** Only for a server that hangs: that one has ended is noticed at once. A loaded machine has taken more than 20 seconds. */
const patience = 90_000

interface SchoolOptions {
  dataDir: string
  configFile: string
  /** The command of the program at the first start, and later; `demo` by default. */
  commands?: { first: string[]; later: string[] }
}

/** The compiled program with the demo school. It keeps its address after crashes and restarts. */
export class School {
  private child: ChildProcess | null = null
  private output = ''
  private hasStarted = false

  private constructor(
    private readonly options: SchoolOptions,
    private readonly port: number,
  ) {}

  static async open(options: SchoolOptions): Promise<School> {
    const school = new School(options, await freePort())
    await school.start()
    return school
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Resolves once the server responds. */
  async start(): Promise<void> {
    const { dataDir, configFile, commands } = this.options
    const command = (this.hasStarted ? commands?.later : commands?.first) ?? ['demo']
    this.hasStarted = true
    const child = spawn(binary, [...command, '--http', `127.0.0.1:${this.port}`, '--dir', dataDir, '--config', configFile], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        this.output += data.toString()
      })
    }
    children.add(child)
    child.once('exit', () => children.delete(child))
    child.once('error', (error) => {
      this.output += String(error)
    })
    await this.untilHealthy(child)
  }

  /** Kills the server, as a power cut would. */
  async crash(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** Stops the server as an administrator would: it closes its sockets. */
  async stop(): Promise<void> {
    await this.end('SIGTERM')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    this.child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  private async untilHealthy(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + patience
    for (;;) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        throw new Error(`${binary} doesn't serve; is it built (make build)? It said:\n${this.output}`)
      }
      const answer = await fetch(`${this.url}/api/health`).catch(() => null)
      if (answer?.ok) return
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}

const children = new Set<ChildProcess>()

// A worker that is killed leaves no server behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** The environment without a developer's own settings for the server. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MESSAGERIE_')))
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
