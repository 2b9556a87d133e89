import type { SocketsFull } from '../../actions/socketAction'
import { decodeServerFrame } from '../../protocol/decode'
import type { ClientFrame, ServerFrame } from '../../protocol/frames'
import { closeAccountDisabled, closeUnauthorized } from '../../protocol/frames'
import { backoffDelay, leisurelyDelay } from './backoff'

export type LinkState =
  | { status: 'connecting' }
  | { status: 'connected' }
  /** `retryAt` is in milliseconds since 1970. */
  | { status: 'waiting'; retryAt: number }
  /** The person has reached the limit of open sockets (`limit`, if the server names it). We retry slowly. */
  | { status: 'full'; retryAt: number; limit: number | null }
  /** The device reports no network; we retry all the same, because it may be wrong. */
  | { status: 'offline'; retryAt: number }
  | { status: 'closed'; reason: 'unauthorized' | 'disabled' }

const pingPause = 12_000
const pongPatience = 6_000
const openPatience = 10_000
/** After a link that lasted this long the backoff is reset. */
const stableAfter = 10_000

export interface SocketLinkOptions {
  url: () => string
  protocols: () => string[]
  onFrame: (frame: ServerFrame) => void
  onState: (state: LinkState) => void
  /** Whether a socket would certainly be refused. */
  isRefused?: () => boolean
  /** How often the server wants to be asked for a sign of life, if it cares. */
  pingSeconds?: () => number | undefined
  /** Called when no socket has opened, for which browsers give no reason. Finds out whether there are too many. */
  onOpenFailed?: () => Promise<SocketsFull | null>
  random?: () => number
}

/** Keeps a socket open: reconnects by itself, detects a dead link, follows the close codes. */
export class SocketLink {
  private socket: WebSocket | null = null
  private state: LinkState = { status: 'connecting' }
  private attempt = 0
  private openedAt = 0
  /** Set if the last attempt failed because of too many sockets. */
  private full: SocketsFull | null = null
  private retryTimer: number | undefined
  private pingTimer: number | undefined
  private deathTimer: number | undefined

  constructor(private readonly options: SocketLinkOptions) {}

  start(): void {
    window.addEventListener('online', this.reconnect)
    window.addEventListener('offline', this.onOffline)
    document.addEventListener('visibilitychange', this.onVisible)
    this.connect()
  }

  stop(): void {
    window.removeEventListener('online', this.reconnect)
    window.removeEventListener('offline', this.onOffline)
    document.removeEventListener('visibilitychange', this.onVisible)
    this.drop()
  }

  /** Returns false if the frame couldn't be sent; nothing is queued here. */
  send(frame: ClientFrame): boolean {
    if (this.state.status !== 'connected' || this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify(frame))
    return true
  }

  /** Connects at once instead of waiting, unless there is a link or it has been stopped. */
  readonly reconnect = (): void => {
    if (this.state.status === 'waiting' || this.state.status === 'full' || this.state.status === 'offline') this.connect()
  }

  /** There is another token: connects with it if there is no link. */
  readonly renew = (): void => {
    if (this.state.status !== 'connected') this.connect()
  }

  private connect(): void {
    this.drop()
    if (this.options.isRefused?.()) {
      this.enter({ status: 'closed', reason: 'unauthorized' })
      return
    }
    this.enter({ status: 'connecting' })
    const socket = new WebSocket(this.options.url(), this.options.protocols())
    this.socket = socket
    this.openedAt = 0
    this.deathTimer = window.setTimeout(this.onDead, openPatience)
    socket.onopen = () => {
      this.openedAt = Date.now()
      this.full = null
      this.showLife()
      this.enter({ status: 'connected' })
      this.pingLater()
    }
    socket.onmessage = (event: MessageEvent) => {
      this.showLife()
      const frame = decodeServerFrame(String(event.data))
      if (frame) this.options.onFrame(frame)
    }
    socket.onclose = (event: CloseEvent) => {
      this.onClosed(event.code)
    }
  }

  private onClosed(code: number): void {
    const opened = this.openedAt > 0
    this.drop()
    if (code === closeUnauthorized) this.enter({ status: 'closed', reason: 'unauthorized' })
    else if (code === closeAccountDisabled) this.enter({ status: 'closed', reason: 'disabled' })
    else {
      this.waitAndRetry()
      if (!opened) void this.findReason()
    }
  }

  private waitAndRetry(): void {
    if (this.openedAt > 0 && Date.now() - this.openedAt >= stableAfter) this.attempt = 0
    const random = this.options.random ?? Math.random
    const delay = this.full ? leisurelyDelay(random) : backoffDelay(this.attempt, random)
    this.attempt += 1
    const retryAt = Date.now() + delay
    window.clearTimeout(this.retryTimer)
    this.retryTimer = window.setTimeout(() => {
      this.connect()
    }, delay)
    if (!navigator.onLine) this.enter({ status: 'offline', retryAt })
    else this.enter(this.full ? { status: 'full', retryAt, ...this.full } : { status: 'waiting', retryAt })
  }

  /** The result is ignored if another attempt has begun. The last reason stays until there is a new one. */
  private async findReason(): Promise<void> {
    const asked = this.state
    const full = (await this.options.onOpenFailed?.()) ?? null
    if (this.state !== asked || Boolean(full) === Boolean(this.full)) return
    this.full = full
    this.attempt = 0
    this.waitAndRetry()
  }

  private readonly onOffline = (): void => {
    if (this.state.status === 'closed') return
    this.drop()
    this.waitAndRetry()
  }

  private readonly onVisible = (): void => {
    if (document.visibilityState !== 'visible') return
    this.reconnect()
    this.ping()
  }

  private readonly ping = (): void => {
    if (this.deathTimer !== undefined || !this.send({ type: 'ping' })) return
    this.deathTimer = window.setTimeout(this.onDead, pongPatience)
  }

  private pingLater(): void {
    const seconds = this.options.pingSeconds?.()
    this.pingTimer = window.setTimeout(() => {
      this.ping()
      this.pingLater()
    }, seconds ? seconds * 1000 : pingPause)
  }

  private showLife(): void {
    window.clearTimeout(this.deathTimer)
    this.deathTimer = undefined
  }

  // A dead link doesn't respond to a closing handshake either, so it is abandoned without waiting.
  private readonly onDead = (): void => {
    this.onClosed(1006)
  }

  private drop(): void {
    window.clearTimeout(this.retryTimer)
    window.clearTimeout(this.pingTimer)
    this.showLife()
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private enter(state: LinkState): void {
    this.state = state
    this.options.onState(state)
  }
}
