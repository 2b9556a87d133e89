import { expect, test } from './test'

test('the page can only connect to its own server', { tag: '@desktop' }, async ({ enter, tolerate }) => {
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
        // some browsers also throw
      }
    }
    await fetch(`http://${elsewhere}/`).catch(() => null)
    await all
    return blocked
  })
  expect(refused.map((uri) => new URL(uri).protocol)).toEqual(['ws:', 'wss:', 'http:'])
})
