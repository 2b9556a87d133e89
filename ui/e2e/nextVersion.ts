import type { IncomingMessage, ServerResponse } from 'node:http'
import { Proxy } from './proxy'

/**
 * Before a school whose service worker has changed once it is told to, as after an update of the server.
 * A browser fetches the worker by itself, where no test can put another answer in its way.
 */
export class NextVersion extends Proxy {
  private isOut = false

  static override async before(url: string): Promise<NextVersion> {
    return new NextVersion(await Proxy.listen(), new URL(url))
  }

  /** From now on there is a newer client. */
  release(): void {
    this.isOut = true
  }

  protected override optionsOf(asked: IncomingMessage) {
    // Not compressed: something is written after it.
    const { 'accept-encoding': _, ...headers } = asked.headers
    return { ...super.optionsOf(asked), headers }
  }

  protected override answer(asked: IncomingMessage, found: IncomingMessage, answer: ServerResponse): void {
    const isWorker = this.isOut && asked.url === '/worker.js'
    if (isWorker) delete found.headers['content-length']
    answer.writeHead(found.statusCode ?? 502, found.headers)
    found.on('end', () => {
      answer.end(isWorker ? '\n// the next version\n' : undefined)
    })
    found.pipe(answer, { end: false })
  }
}
