import type { Route } from '@playwright/test'
import { Api } from './api'
import type { Person } from './person'
import { expect, test } from './test'

test.use({ hasServiceWorker: true })

/** The server responds at once, but the response for the list arrives when `release` is called. */
async function holdList({ page }: Person) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let arrived = () => {}
  const answered = new Promise<void>((resolve) => {
    arrived = resolve
  })
  await page.context().route(/\/api\/messagerie\/conversations\/\d+\/(\?|$)/, async (route: Route) => {
    const response = await route.fetch()
    arrived()
    await released
    await route.fulfill({ response })
  })
  return {
    /** Resolves when the server has responded. */
    answered,
    release: async () => {
      const over = page.waitForResponse(/\/api\/messagerie\/conversations\/\d+\/(\?|$)/)
      release()
      await (await over).finished()
    },
  }
}

test('a response for the list that is older than a read or deletion doesn’t bring back unread messages', { tag: '@desktop' }, async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  await claire.leaveServiceWorker()
  const karim = await Api.asPerson(school.url, 'karim.haddad')
  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')
  const idOf = async (name: string) => {
    await claire.open(name)
    await expect(claire.messages.last()).toBeInViewport()
    return claire.conversationId
  }
  const withJerome = await idOf('Jérôme Lefèvre')
  const withKarim = await idOf('Karim Haddad')
  const herself = await Api.asPerson(school.url, 'claire.martin')
  for (const read of [withJerome, withKarim]) await herself.markAsRead(read) // the page may be left before it has said so
  await claire.page.goto('/')
  await claire.untilConnected()
  for (const number of [1, 2, 3]) await karim.send(withKarim, `n° ${number}`)
  const sent = []
  for (const number of [1, 2, 3, 4]) sent.push(await jerome.send(withJerome, `n° ${number}`))
  await expect(claire.line('Karim Haddad')).toContainText('3 messages non lus')

  const list = await holdList(claire)
  await claire.page.goto(`/c/${withKarim}`)
  await list.answered
  await expect(claire.message('n° 3')).toBeInViewport()
  await expect.poll(async () => (await karim.messages(withKarim, 'limit=1'))[0]?.status).toBe('read')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('4 messages non lus')
  for (const message of sent.slice(1, 3)) await jerome.delete(withJerome, message.id)
  await jerome.send(withJerome, 'n° 5')
  await expect(claire.line('Jérôme Lefèvre')).toContainText('n° 5')

  await list.release()
  await expect(claire.line('Jérôme Lefèvre')).toContainText('3 messages non lus')
  await expect(claire.line('Karim Haddad')).not.toContainText('non lu')
})

test('after the last message is removed in the dashboard, the one before it is shown everywhere', { tag: '@desktop' }, async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Le dernier mot')
  await claire.write('Un mot de trop')
  await jerome.open('Claire Martin')
  await expect(jerome.message('Un mot de trop')).toBeVisible()
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('messages', 'content = "Un mot de trop"')
  await administrator.remove('messages', id)
  for (const person of [claire, jerome]) {
    await expect(person.message(/Un mot de trop|Message supprimé/)).toHaveCount(0)
    await expect(person.message('Le dernier mot')).toBeInViewport()
  }
  await expect(claire.line('Jérôme Lefèvre')).toContainText('Vous : Le dernier mot')
  await expect(jerome.line('Claire Martin')).toContainText('Le dernier mot')
})
