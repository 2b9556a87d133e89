import type { IncomingMessage, ServerResponse } from 'node:http'
import { Proxy } from './proxy'

/**
 * A proxy of a school whose service worker changes on request, as after an update of the server. The browser
 * fetches the worker itself, where no test can intercept the request.
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
    // Uncompressed, because something is appended.
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
