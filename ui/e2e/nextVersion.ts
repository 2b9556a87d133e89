import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/**
 * Stands before a school and passes everything on, sockets too; once it is told to, the
 * service worker has changed, as after an update of the server. A browser fetches the
 * worker by itself, where no test can put another answer in its way.
 */
export class NextVersion {
  private isOut = false
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    private readonly school: URL,
  ) {
    server.on('request', (asked, answer) => {
      const passed = request(this.school, this.optionsOf(asked), (found) => {
        const isWorker = this.isOut && asked.url === '/worker.js'
        if (isWorker) delete found.headers['content-length']
        answer.writeHead(found.statusCode ?? 502, found.headers)
        found.on('end', () => {
          answer.end(isWorker ? '\n// the next version\n' : undefined)
        })
        found.pipe(answer, { end: false })
      })
      passed.on('error', () => answer.destroy())
      asked.pipe(passed)
    })
    server.on('upgrade', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
      this.join(asked, socket, head)
    })
  }

  static async before(url: string): Promise<NextVersion> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new NextVersion(server, new URL(url))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** From now on there is a newer client. */
  release(): void {
    this.isOut = true
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.closeAllConnections()
    this.server.close()
  }

  private optionsOf({ method, url, headers }: IncomingMessage) {
    // Not compressed: something is written after it.
    const { 'accept-encoding': _, ...others } = headers
    return { method, path: url, headers: others }
  }

  private join(asked: IncomingMessage, socket: Socket, head: Buffer): void {
    const onward = connect(Number(this.school.port), this.school.hostname)
    const lines = asked.rawHeaders.map((text, index) => (index % 2 ? `: ${text}\r\n` : text)).join('')
    onward.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines}\r\n`)
    onward.write(head)
    for (const [from, to] of [[socket, onward], [onward, socket]] as const) {
      this.sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  }
}
