import { Api } from './api'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

// With backoff, a pause may be longer than the default timeout after some seconds without a server.
const reconnectTimeout = 30_000

test('after a crash and a restart everybody reconnects, and every message is there once', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.write('Panne 1 : avant')
  await jerome.write('Panne 2 : avant aussi')
  await expect(claire.message('Panne 2')).toBeVisible()
  await expect(jerome.message('Panne 1')).toBeVisible()

  await school.crash()
  await expect(claire.connection).toContainText('Reconnexion dans')
  await expect(jerome.connection).toContainText('Reconnexion dans')
  await claire.write('Panne 3 : pendant')
  await claire.expectState('Panne 3', 'En attente')
  await claire.write('Panne 4 : toujours pendant')
  await claire.expectState('Panne 4', 'En attente')
  await expect(claire.connection).toContainText('2 messages en attente')
  // Again until it holds: while an attempt is made, a phone hides the status in a box of one pixel.
  await expect
    .poll(() => claire.connection.evaluate((text) => text.getBoundingClientRect().right - (text.parentElement?.getBoundingClientRect().right ?? 0)))
    .toBeLessThanOrEqual(0)

  await school.start()
  const voice = await Api.asPerson(school.url, 'jerome.lefevre')
  await claire.untilConnected({ timeout: reconnectTimeout })
  await jerome.untilConnected({ timeout: reconnectTimeout })
  await expect(jerome.message('Panne 4')).toBeVisible()
  await claire.expectState('Panne 4', 'Lu')
  await jerome.write('Panne 5 : après')
  await expect(claire.message('Panne 5')).toBeVisible()

  const inOrder = ['Panne 1', 'Panne 2', 'Panne 3', 'Panne 4', 'Panne 5']
  for (const person of [claire, jerome]) expect(await person.texts(/Panne \d/)).toEqual(inOrder)
  const stored = await voice.messages(claire.conversationId, 'limit=5')
  expect(stored.map(({ content }) => content.slice(0, 7))).toEqual(inOrder)
})

test('somebody who was away during a restart gets the others’ messages', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.page.context().setOffline(true)
  await expect(claire.connection).not.toHaveText('Connecté')

  await school.stop()
  await jerome.write('Absence 1')
  await school.start()
  await jerome.untilConnected({ timeout: reconnectTimeout })
  await jerome.write('Absence 2')
  await jerome.expectState('Absence 2', 'Envoyé')
  await expect(claire.message('Absence')).toHaveCount(0)

  await claire.page.context().setOffline(false)
  await expect(claire.message('Absence 2')).toBeVisible({ timeout: reconnectTimeout })
  expect(await claire.texts(/Absence \d/)).toEqual(['Absence 1', 'Absence 2'])
  await jerome.expectState('Absence 2', 'Lu')
})

test('a message that was acknowledged just before a crash survives', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('À peine arrivé')
  await claire.expectState('À peine arrivé', 'Envoyé')
  await school.crash()
  await school.start()

  const jerome = await enter('jerome.lefevre')
  await jerome.open('Claire Martin')
  await expect(jerome.message('À peine arrivé')).toHaveCount(1)
})
