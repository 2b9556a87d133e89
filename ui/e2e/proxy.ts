import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A proxy of a school that forwards everything, including sockets. Tests can't intercept a service worker's requests otherwise. */
export class Proxy {
  private readonly sockets = new Set<Socket>()
  private holding: { path: RegExp; until: Promise<void> } | null = null

  protected constructor(
    private readonly server: Server,
    private readonly school: URL,
  ) {
    server.on('request', (asked, answer) => {
      const passed = request(this.school, this.optionsOf(asked), (found) => {
        void this.held(asked).then(() => {
          this.answer(asked, found, answer)
        })
      })
      passed.on('error', () => answer.destroy())
      asked.pipe(passed)
    })
    server.on('upgrade', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
      this.join(asked, socket, head)
    })
  }

  static async before(url: string): Promise<Proxy> {
    return new Proxy(await Proxy.listen(), new URL(url))
  }

  protected static async listen(): Promise<Server> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Holds back responses for these addresses until the returned function is called. */
  hold(path: RegExp): () => void {
    let release: () => void = () => undefined
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    this.holding = { path, until }
    return release
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.closeAllConnections()
    this.server.close()
  }

  protected optionsOf({ method, url, headers }: IncomingMessage) {
    return { method, path: url, headers }
  }

  protected answer(_asked: IncomingMessage, found: IncomingMessage, answer: ServerResponse): void {
    answer.writeHead(found.statusCode ?? 502, found.headers)
    found.pipe(answer)
  }

  private async held({ url = '' }: IncomingMessage): Promise<void> {
    if (this.holding?.path.test(url)) await this.holding.until
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
