import { act } from '@testing-library/react'
import type { ClientFrame, ServerFrame } from '../protocol/frames'

/** A WebSocket that tests control; jest.setup.js replaces the real one with it. */
export class MockSocket {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  /** Every socket since the test began, the current one last. */
  static all: MockSocket[] = []

  static get last(): MockSocket {
    const socket = MockSocket.all.at(-1)
    if (!socket) throw new Error('no socket was made')
    return socket
  }

  readyState = MockSocket.CONNECTING
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  /** The frames that the client sent, in order; without those on a dead link. */
  readonly sent: ClientFrame[] = []
  private isDead = false

  constructor(
    readonly url: string,
    readonly protocols: string[] = [],
  ) {
    MockSocket.all.push(this)
  }

  send(data: string): void {
    if (!this.isDead) this.sent.push(JSON.parse(data) as ClientFrame)
  }

  close(): void {
    this.readyState = MockSocket.CLOSED
  }

  open(): void {
    act(() => {
      this.readyState = MockSocket.OPEN
      this.onopen?.()
    })
  }

  receive(...frames: ServerFrame[]): void {
    this.receiveText(...frames.map((frame) => JSON.stringify(frame)))
  }

  receiveText(...texts: string[]): void {
    act(() => {
      for (const data of texts) this.onmessage?.({ data })
    })
  }

  /** The server, or a proxy, closes the socket. */
  closeWith(code: number): void {
    act(() => {
      this.readyState = MockSocket.CLOSED
      this.onclose?.({ code })
    })
  }

  /** The link dies: nothing arrives any more, without a close event. */
  dropSilently(): void {
    this.isDead = true
  }

  sentOf<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type)
  }
}
