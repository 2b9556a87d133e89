import { Api } from './api'
import { expect, test } from './test'

test('an old message is found by its words, shown in its place, and going back leads to the results', async ({ school, enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Karim Haddad')
  // There are more than a hundred after it.
  const everything = await (await Api.asPerson(school.url, 'claire.martin')).messages(claire.conversationId)
  const old = everything[8]
  if (!old) throw new Error('the conversation is too short')
  await expect(claire.messages.last()).toBeInViewport()
  await claire.showList()
  await claire.open('Jérôme Lefèvre')
  await claire.showList()

  const { page } = claire
  const results = page.getByRole('region', { name: claire.words.find.messages, exact: true })
  const result = results.locator(`[data-found="${old.id}"]`)
  const words = old.content.split(' ').slice(0, 6).join(' ').toUpperCase()
  // The school is indexed in the background.
  await expect(async () => {
    await claire.search.fill('')
    await claire.search.fill(words)
    await expect(result).toBeVisible({ timeout: 3_000 })
  }).toPass()
  expect(await result.locator('mark').count()).toBeGreaterThan(1)
  await result.click()
  const message = claire.scroller.locator(`li[data-message="${old.id}"]`)
  await expect(message).toBeFocused()
  await expect(message).toBeInViewport()
  await expect(claire.pane.getByRole('button', { name: claire.words.message.toEnd })).toBeVisible()
  await expect(page).toHaveURL((url) => url.search === `?m=${old.id}`)

  // On a phone, back to the results.
  await page.goBack()
  if (claire.isOnPhone) await expect(result).toBeFocused()
  else await expect(claire.pane).toHaveAccessibleName('Conversation avec Jérôme Lefèvre')

  // The address alone leads there as well.
  await page.goForward()
  await page.reload()
  await expect(message).toBeInViewport()

  // Near the end, where a message can't be in the middle, the page around the list stays in its place.
  const late = everything.at(-2)
  if (!late) throw new Error('the conversation is too short')
  await page.goto('/')
  await claire.search.fill('merci') // so many results that the page could be scrolled by a script
  await results.locator(`[data-found="${late.id}"]`).click()
  await expect(claire.scroller.locator(`li[data-message="${late.id}"]`)).toBeFocused()
  await page.waitForFunction(() => document.getAnimations().length === 0)
  await expect(claire.pane.getByRole('heading')).toBeInViewport()
})

test('one conversation is searched from its header', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.press(claire.words.list.searchHere)
  await expect(claire.search).toBeFocused()
  await claire.page.keyboard.type('croissants')
  const results = claire.page.getByRole('region', { name: claire.words.find.messages, exact: true })
  await expect(results.getByRole('button', { name: /Jérôme Lefèvre.*les croissants/ })).toHaveCount(1)
})
