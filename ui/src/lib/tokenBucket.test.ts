import { TokenBucket } from './tokenBucket'

test('allows a burst and then a rate per second', () => {
  const bucket = new TokenBucket(40, 15)
  const sent: number[] = []
  for (let now = 1_000_000; sent.length < 150; now += Math.ceil(bucket.wait(now)) || 1) {
    while (sent.length < 150 && bucket.take(now)) sent.push(now - 1_000_000)
  }
  expect(sent.filter((at) => at === 0)).toHaveLength(40)
  const mostInASecond = Math.max(...sent.map((from) => sent.filter((at) => at > from && at <= from + 1000).length))
  expect(mostInASecond).toBeLessThanOrEqual(16)
  expect(sent.at(-1)).toBeLessThan(8_000)
})

test('a clock that is set back doesn’t block it', () => {
  const bucket = new TokenBucket(1, 10)
  expect(bucket.take(5_000)).toBe(true)
  expect(bucket.take(1_000)).toBe(false)
  expect(bucket.take(1_100)).toBe(true)
})
