import { expect, test } from './test'

test('the page connects to its own server and to nothing else', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(/Content Security Policy/, /Fetch API cannot load/)
  const { page } = await enter('claire.martin')
  const refused = await page.evaluate(async () => {
    const blocked: string[] = []
    const all = new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        if (blocked.push(event.blockedURI) === 3) resolve(blocked)
      })
    })
    const elsewhere = `127.0.0.1:${Number(location.port) + 1}`
    for (const url of [`ws://${elsewhere}/`, 'wss://evil.example/']) {
      try {
        new WebSocket(url)
      } catch {
        // some browsers throw, too
      }
    }
    await fetch(`http://${elsewhere}/`).catch(() => null)
    await all
    return blocked
  })
  expect(refused.map((uri) => new URL(uri).protocol)).toEqual(['ws:', 'wss:', 'http:'])
})
