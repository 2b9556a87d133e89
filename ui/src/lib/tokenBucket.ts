/** A token bucket: a burst at once, then a rate per second. Times are in milliseconds. */
export class TokenBucket {
  private tokens: number
  private filledAt = 0

  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
  ) {
    this.tokens = capacity
  }

  /** Takes a token if there is one, and returns whether there was. */
  take(now: number): boolean {
    this.fill(now)
    if (this.tokens < 1) return false
    this.tokens -= 1
    return true
  }

  /** How long until there is a token. */
  wait(now: number): number {
    this.fill(now)
    return Math.max(0, ((1 - this.tokens) / this.perSecond) * 1000)
  }

  private fill(now: number): void {
    const elapsed = Math.max(0, now - this.filledAt)
    this.tokens = Math.min(this.capacity, this.tokens + (elapsed / 1000) * this.perSecond)
    this.filledAt = now
  }
}
