import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

const isHeld = () => navigator.serviceWorker.ready.then(async () => (await caches.keys()).some((name) => name.startsWith('messagerie-read-')))

test('without a server, a reload shows the last conversation; logging out leaves nothing behind', async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors, /Failed to load resource/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const last = (await claire.messages.last().innerText()).slice(0, 30)
  await claire.page.evaluate(() => navigator.serviceWorker.ready)
  await claire.page.reload()
  await claire.untilConnected()
  await expect.poll(() => claire.page.evaluate(isHeld)).toBe(true)
  await expect.poll(() => claire.page.evaluate(async () => {
    const [name = ''] = (await caches.keys()).filter((one) => one.startsWith('messagerie-read-'))
    return (await (await caches.open(name)).keys()).length
  })).toBeGreaterThanOrEqual(3)

  await school.crash()
  await claire.page.reload()
  await expect(claire.messages.last()).toContainText(last)
  await claire.showList()
  await expect(claire.line('Jérôme Lefèvre')).toBeVisible()

  await claire.page.getByRole('button', { name: 'Mon compte' }).click()
  await claire.page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(claire.email).toBeVisible()
  await expect.poll(() => claire.page.evaluate(isHeld)).toBe(false)
})

test('it can be installed', { tag: '@desktop' }, async ({ visit }) => {
  const visitor = await visit()
  const manifest = await visitor.page.evaluate(async () => {
    const address = document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? ''
    return (await (await fetch(address)).json()) as { display: string; icons: { src: string; sizes: string }[] }
  })
  expect(manifest.display).toBe('standalone')
  for (const { src } of manifest.icons) expect((await visitor.page.request.get(src)).headers()['content-type']).toMatch(/^image\//)
})
