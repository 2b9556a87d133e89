import { Api } from './api'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

test('messages written offline wait, and are sent once when the network is back', async ({ enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')

  await claire.page.context().setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  await claire.write('Coupure 1')
  await claire.write('Coupure 2')
  await claire.expectState('Coupure 2', 'En attente')
  await jerome.write('Coupure : tu es là ?')

  await claire.page.context().setOffline(false)
  await claire.untilConnected()
  await claire.expectState('Coupure 2', 'Lu')
  await expect(claire.message('tu es là ?')).toBeVisible()
  expect(await jerome.texts(/Coupure \d/)).toEqual(['Coupure 1', 'Coupure 2'])
  expect(await claire.texts(/Coupure \d/)).toEqual(['Coupure 1', 'Coupure 2'])
})

test('a message written before the conversation could be loaded is shown and sent', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.leaveServiceWorker()
  await claire.page.context().setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  await claire.line('Jérôme Lefèvre').click()
  await expect(claire.pane.getByText('Les messages n’ont pas pu être chargés.')).toBeVisible()
  await claire.write('Sans attendre')
  await claire.expectState('Sans attendre', 'En attente')
  await expect(claire.pane.getByRole('button', { name: 'Réessayer' })).toBeVisible()

  await claire.page.context().setOffline(false)
  await claire.expectState('Sans attendre', 'Envoyé')
  await expect(claire.message(/croissants|Sans attendre/)).toHaveText([/croissants/, /Sans attendre/])
})

test('a hundred messages written offline are sent in order, at a rate that the server allows', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  let closed = 0
  claire.page.on('websocket', (socket) => {
    let isOpen = false
    socket.on('framereceived', () => (isOpen = true))
    socket.on('close', () => (closed += isOpen ? 1 : 0))
  })
  await claire.page.context().setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  const numbers = Array.from({ length: 100 }, (_, index) => `n° ${index + 1}`)
  await claire.writeAll(numbers)
  await claire.page.context().setOffline(false)
  await expect(jerome.saying('n° 100')).toBeVisible({ timeout: 20_000 })
  expect((await jerome.history()).filter((text) => text.startsWith('n°'))).toEqual(numbers)
  await claire.untilConnected()
  expect(closed).toBe(0)
})

test('after a long absence nothing is missing, even if it is more than a page', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.context().setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')

  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')
  const numbers = Array.from({ length: 120 }, (_, index) => `n° ${index + 1}`)
  for (const number of numbers) await jerome.send(claire.conversationId, number)

  await claire.page.context().setOffline(false)
  await expect(claire.saying('n° 120')).toBeVisible()
  expect((await claire.history()).filter((text) => text.startsWith('n°'))).toEqual(numbers)
})

test('if the server doesn’t respond at the start, the page says so and retries', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.leaveServiceWorker() // which would show cached responses
  await claire.page.context().route('**/api/**', (route) => route.abort())
  await claire.page.reload()
  await expect(claire.page.getByRole('alert')).toContainText('Le serveur ne répond pas')

  await claire.page.context().unroute('**/api/**')
  await claire.page.getByRole('button', { name: 'Réessayer' }).click()
  await claire.untilConnected()
})
