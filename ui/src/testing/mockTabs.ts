/** The channel and the locks that tabs of one browser share; jsdom has neither, so tests install them. */
export class MockChannel {
  private static all = new Set<MockChannel>()
  onmessage: ((event: { data: unknown }) => void) | null = null

  constructor(readonly name: string) {
    MockChannel.all.add(this)
  }

  postMessage(data: unknown): void {
    for (const other of MockChannel.all) {
      if (other !== this && other.name === this.name) queueMicrotask(() => other.onmessage?.({ data }))
    }
  }

  close(): void {
    MockChannel.all.delete(this)
  }
}

interface Holder {
  granted: () => Promise<void>
  lost: (error: Error) => void
  done: () => void
}

export class MockLocks {
  private holder: Holder | null = null
  private queue: Holder[] = []

  request(name: string, granted: () => Promise<void>): Promise<void>
  request(name: string, options: LockOptions, granted: () => Promise<void>): Promise<void>
  request(_name: string, ...[first, second]: [() => Promise<void>] | [LockOptions, () => Promise<void>]): Promise<void> {
    const [options, granted] = second ? [first as LockOptions, second] : [{}, first as () => Promise<void>]
    return new Promise((done, lost) => {
      const asking = { granted, lost, done }
      if (options.steal) {
        this.holder?.lost(new DOMException('stolen', 'AbortError'))
        this.give(asking)
        return
      }
      this.queue.push(asking)
      options.signal?.addEventListener('abort', () => {
        this.queue = this.queue.filter((one) => one !== asking)
        if (this.holder !== asking) lost(new DOMException('aborted', 'AbortError'))
      })
      this.next()
    })
  }

  private next(): void {
    const first = this.holder ? undefined : this.queue.shift()
    if (first) this.give(first)
  }

  private give(holder: Holder): void {
    this.holder = holder
    queueMicrotask(() => {
      void holder.granted().then(() => {
        holder.done()
        if (this.holder !== holder) return
        this.holder = null
        this.next()
      })
    })
  }
}
