import { Api } from './api'
import { Person } from './person'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true })

test('messages written offline survive a killed page, and are sent in order, once', async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const { conversationId } = claire
  const context = claire.page.context()
  await context.setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  for (const text of ['Tunnel 1', 'Tunnel 2', 'Tunnel 3']) await claire.write(text)
  await expect(claire.connection).toHaveText('Hors ligne : 3 messages en attente')
  await claire.composer.fill('Et aussi')
  await claire.page.close()

  await context.setOffline(false)
  const again = new Person(await context.newPage())
  await again.page.goto(`/c/${conversationId}`)
  await again.untilConnected()
  await again.expectState('Tunnel 3', 'Envoyé')
  await expect(again.composer).toHaveValue('Et aussi')
  expect(await again.texts(/Tunnel \d/)).toEqual(['Tunnel 1', 'Tunnel 2', 'Tunnel 3'])

  await again.page.reload()
  await again.expectState('Tunnel 3', 'Envoyé')
  const stored = await (await Api.asPerson(school.url, 'jerome.lefevre')).messages(conversationId, 'limit=5')
  expect(stored.map(({ content }) => content).filter((content) => content.startsWith('Tunnel'))).toEqual(['Tunnel 1', 'Tunnel 2', 'Tunnel 3'])
})

test('two tabs share one outbox and one draft, and send it once', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const second = new Person(await claire.page.context().newPage())
  await second.page.goto(`/c/${claire.conversationId}`)
  await second.untilConnected()
  await claire.composer.fill('À moitié')
  await expect(second.composer).toHaveValue('À moitié')

  await claire.page.context().setOffline(true)
  await expect(second.connection).toHaveText('Hors ligne')
  await claire.write('Onglet 1')
  await claire.write('Onglet 2')
  await second.expectState('Onglet 2', 'En attente')
  await claire.page.context().setOffline(false)
  for (const tab of [claire, second]) {
    await tab.expectState('Onglet 2', 'Envoyé')
    expect(await tab.texts(/Onglet \d/)).toEqual(['Onglet 1', 'Onglet 2'])
  }
  const stored = await (await Api.asPerson(school.url, 'jerome.lefevre')).messages(claire.conversationId, 'limit=3')
  expect(stored.filter(({ content }) => content.startsWith('Onglet'))).toHaveLength(2)
})

test('first messages to somebody that were written offline are sent once, to one conversation', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.search.fill('andre')
  await claire.page.getByRole('button', { name: /^André Lemaître/ }).click()
  await expect(claire.page).toHaveURL(/\/to\/\d+$/)
  const address = claire.page.url()
  const context = claire.page.context()
  await context.setOffline(true)
  await expect(claire.connection).toHaveText('Hors ligne')
  for (const text of ['Première fois 1', 'Première fois 2']) await claire.write(text)
  await expect(claire.connection).toHaveText('Hors ligne : 2 messages en attente')
  await claire.composer.fill('Et aussi')
  await claire.page.close()

  await context.setOffline(false)
  const again = new Person(await context.newPage())
  await again.page.goto(address)
  await again.expectState('Première fois 2', 'Envoyé')
  await expect(again.page).toHaveURL(/\/c\/\d+$/)
  await expect(again.composer).toHaveValue('Et aussi')
  const stored = await (await Api.asPerson(school.url, 'andre.lemaitre')).messages(again.conversationId, 'limit=5')
  expect(stored.map(({ content }) => content)).toEqual(['Première fois 1', 'Première fois 2'])
})
