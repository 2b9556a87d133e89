import { cp, mkdir, writeFile } from 'node:fs/promises'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { freePort, School } from './school'

const names = ['a', 'b', 'c']

/** Starts a cluster of three with the data of a directory. The first one leads. */
export async function startNodes(dir: string, dataDir: string): Promise<School[]> {
  const ports = await Promise.all(names.map(() => freePort()))
  const nodes: School[] = []
  for (const [i, name] of names.entries()) {
    const own = path.join(dir, name)
    await mkdir(own, { recursive: true })
    const configFile = path.join(own, 'config.yaml')
    await writeFile(configFile, `cluster:\n  node: ${name}\n  listen: 127.0.0.1:${ports[i]}\n  key: ${'k'.repeat(32)}\n`)
    if (i === 0) await cp(dataDir, path.join(own, 'data'), { recursive: true })
    const first = i === 0 ? ['serve', '--cluster-init'] : ['serve', '--cluster-join', `127.0.0.1:${ports[0]}`]
    nodes.push(await School.open({ dataDir: path.join(own, 'data'), configFile, commands: { first, later: ['serve'] } }))
  }
  return nodes
}

/** A load balancer without any knowledge of HTTP: a connection goes to the first node that accepts it. */
export class Balancer {
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    private readonly ports: number[],
  ) {
    server.on('connection', (socket) => {
      this.pass(socket, 0)
    })
  }

  static async before(nodes: School[]): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Balancer(
      server,
      nodes.map((node) => Number(new URL(node.url).port)),
    )
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }

  private pass(socket: Socket, to: number): void {
    const port = this.ports[to]
    if (port === undefined) {
      socket.destroy()
      return
    }
    const node = connect(port, '127.0.0.1')
    const next = () => {
      this.pass(socket, to + 1)
    }
    node.once('error', next)
    node.once('connect', () => {
      node.off('error', next)
      for (const [from, into] of [
        [socket, node],
        [node, socket],
      ] as const) {
        this.sockets.add(from)
        from.pipe(into)
        from.on('error', () => into.destroy())
        from.on('close', () => into.destroy())
      }
    })
  }
}
