import { Api } from './api'
import type { Person } from './person'
import type { School } from './school'
import { connectionErrors, expect, test } from './test'

/** Claire with the list open; Karim has written this many messages to her, each of a few lines. */
async function withUnread(school: School, enter: (login: string) => Promise<Person>, count: number) {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  await expect(claire.messages.last()).toBeInViewport()
  const { conversationId } = claire
  const karim = await Api.asPerson(school.url, 'karim.haddad')
  const lastStatus = async () => (await karim.messages(conversationId, 'limit=1'))[0]?.status
  await expect.poll(lastStatus).toBe('read')
  await claire.page.goto('/')
  await claire.untilConnected()
  for (let number = 1; number <= count; number++) await karim.send(conversationId, `n° ${number}\nsur\ntrois lignes`)
  await expect(claire.line('Karim Haddad')).toContainText(`${count} messages non lus`)
  return { claire, karim, conversationId }
}

const toEnd = (claire: Person, count: number) => claire.pane.getByRole('button', { name: `${count} nouveaux messages` })

test('a conversation opens at its unread messages, which doesn’t mark those below as read', async ({ school, enter }) => {
  const { claire, karim, conversationId } = await withUnread(school, enter, 20)
  await claire.open('Karim Haddad')
  await expect(claire.pane.getByText('Nouveaux messages', { exact: true })).toBeInViewport()
  await expect(toEnd(claire, 20)).toBeVisible()
  await expect(claire.message('n° 20')).not.toBeInViewport()
  const statuses = async () => (await karim.messages(conversationId, 'limit=20')).map(({ status }) => status)
  expect(await statuses()).not.toContain('read')

  await toEnd(claire, 20).click()
  await expect(claire.message('n° 20')).toBeInViewport()
  await expect.poll(statuses).toEqual(Array(20).fill('read'))
})

test('opening a conversation while the end of another was in view doesn’t mark it as read', { tag: '@desktop' }, async ({ school, enter }) => {
  const { claire, karim, conversationId } = await withUnread(school, enter, 20)
  await claire.open('Karim Haddad')
  await expect(toEnd(claire, 20)).toBeVisible()
  await claire.open('Jérôme Lefèvre')
  await expect(claire.messages.last()).toBeInViewport()
  await claire.open('Karim Haddad')
  await expect(toEnd(claire, 20)).toBeVisible()
  expect((await karim.messages(conversationId, 'limit=1'))[0]?.status).not.toBe('read')
})

test('a reply from the middle of sixty unread messages appears at the end, and marks them as read', async ({ school, enter }) => {
  const { claire, karim, conversationId } = await withUnread(school, enter, 60)
  for (const answer of ['Une première réponse', 'Une seconde réponse']) {
    await claire.open('Karim Haddad')
    await expect(claire.pane.getByText('Nouveaux messages', { exact: true })).toBeInViewport()
    await claire.write(answer)
    await expect(claire.message(answer)).toBeInViewport({ ratio: 1 })
    await claire.expectState(answer, /^(Envoyé|Distribué)$/)
    await expect(claire.message('n° 60')).toBeVisible()
    await expect(claire.message(answer)).toBeInViewport({ ratio: 1 })
    await expect(claire.pane.getByText('n’ont pas pu être chargés')).toHaveCount(0)
    await expect(claire.pane.getByRole('button', { name: /nouveaux? messages?|derniers messages/ })).toHaveCount(0)
    await expect.poll(async () => (await karim.messages(conversationId, 'limit=2'))[0]?.status).toBe('read')
    await claire.showList()
    await expect(claire.line('Karim Haddad')).not.toContainText('non lu')
    if (answer === 'Une seconde réponse') break
    // Again, from another place.
    await claire.page.goto('/')
    await claire.untilConnected()
    for (let number = 1; number <= 60; number++) await karim.send(conversationId, `n° ${number}\nsur\ntrois lignes`)
    await expect(claire.line('Karim Haddad')).toContainText('60 messages non lus')
  }
})

test('if newer messages couldn’t be loaded the page says so, shows new ones of one’s own, and retries on the next connection', { tag: '@desktop' }, async ({ school, enter, tolerate }) => {
  tolerate(...connectionErrors)
  const { claire } = await withUnread(school, enter, 70)
  let isCut = false
  await claire.page.context().route(/[?&]after=/, (route) => (isCut ? route.abort() : route.continue()))
  await claire.open('Karim Haddad')
  await expect(claire.pane.getByText('Nouveaux messages', { exact: true })).toBeInViewport()
  isCut = true
  await claire.page.context().setOffline(true)
  await claire.scroller.evaluate((element) => {
    element.scrollTo({ top: element.scrollHeight, behavior: 'instant' })
  })
  await expect(claire.scroller.getByRole('button', { name: 'Réessayer' })).toBeVisible()

  await claire.write('Je lis tout cela ce soir.')
  await expect(claire.message('Je lis tout cela ce soir.')).toBeInViewport()
  isCut = false
  await claire.page.context().setOffline(false)
  await claire.expectState('Je lis tout cela ce soir.', /^(Envoyé|Distribué)$/)
  await expect(claire.message('Je lis tout cela ce soir.')).toBeInViewport()
  expect((await claire.history()).slice(-71)).toEqual([
    ...Array.from({ length: 70 }, (_, index) => `n° ${index + 1}\nsur\ntrois lignes`),
    'Je lis tout cela ce soir.',
  ])
})
