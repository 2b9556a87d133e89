import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

export interface Mail {
  to: string
  /** Raw, with header and parts. */
  text: string
}

/** A mail server that keeps the mails it receives. */
export class MailServer {
  private readonly mails: Mail[] = []
  private waiting: ((mail: Mail) => void)[] = []

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailServer> {
    const server = createServer()
    const mailServer = new MailServer(server)
    server.on('connection', (socket) => {
      mailServer.talk(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return mailServer
  }

  get port(): number {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  stop(): void {
    this.server.close()
  }

  /** The next mail, which may have arrived already. */
  next(): Promise<Mail> {
    const mail = this.mails.shift()
    if (mail) return Promise.resolve(mail)
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private talk(socket: Socket): void {
    let unread = ''
    let to = ''
    let isData = false
    const say = (line: string) => socket.write(`${line}\r\n`)
    const obey = (line: string) => {
      if (/^RCPT/i.test(line)) to = /<(.*)>/.exec(line)?.[1] ?? ''
      isData = /^DATA/i.test(line)
      say(isData ? '354 go on' : /^QUIT/i.test(line) ? '221 bye' : '250 ok')
    }
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      unread += data.toString('latin1')
      for (;;) {
        const end = isData ? '\r\n.\r\n' : '\r\n'
        const at = unread.indexOf(end)
        if (at < 0) return
        const piece = unread.slice(0, at)
        unread = unread.slice(at + end.length)
        if (!isData) {
          obey(piece)
          continue
        }
        isData = false
        this.take({ to, text: piece.replace(/^\.\./gm, '.') }) // undoes dot stuffing
        say('250 taken')
      }
    })
    say('220 mail.test')
  }

  private take(mail: Mail): void {
    const waiting = this.waiting.shift()
    if (waiting) waiting(mail)
    else this.mails.push(mail)
  }
}

/** The text of quoted-printable, as far as it is ASCII. */
export function withoutQuoting(text: string): string {
  return text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
