import { expect, test } from './test'

test('a message is shown as text, whatever it contains', { tag: '@desktop' }, async ({ enter }) => {
  const attack = '<img src=x onerror="window.broken=true"><script>window.broken=true</script><b>gras</b> &amp; {{name}}'
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await jerome.open('Claire Martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write(attack)
  for (const person of [claire, jerome]) {
    await expect(person.message(attack)).toBeVisible()
    await expect(person.message(attack).locator('img, script, b')).toHaveCount(0)
    expect(await person.page.evaluate(() => 'broken' in window)).toBe(false)
    await person.showList()
    await expect(person.list.getByRole('button').first()).toContainText('<img src=x onerror=')
  }
})

test('an address becomes a link that opens a new tab without a referrer, and only http addresses do', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Voir https://example.org/a?b=1&c=2, et pas javascript:alert(1).')
  const message = claire.message('Voir https')
  const link = message.getByRole('link')
  await expect(link).toHaveCount(1)
  await expect(link).toHaveText('https://example.org/a?b=1&c=2')
  await expect(link).toHaveAttribute('href', 'https://example.org/a?b=1&c=2')
  await expect(link).toHaveAttribute('rel', /(^| )noopener( |$)/)
  await expect(link).toHaveAttribute('rel', /(^| )noreferrer( |$)/)
  await expect(link).toHaveAttribute('target', '_blank')
})

test('a letter with many stacked marks doesn’t cover its neighbours', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write(`Z${'\u0301'.repeat(80)}`)
  await claire.expectState('Z', 'Envoyé')
  const box = await claire.messages.last().locator('.bubble').boundingBox()
  if (!box) throw new Error('the message has no place')
  const above = { clip: { x: box.x, y: box.y - 60, width: box.width, height: 58 } }
  const withoutMarks = '.messages-scroll li:last-child .bubble-text { visibility: hidden }'
  const asItIs = await claire.page.screenshot(above)
  expect(asItIs.equals(await claire.page.screenshot({ ...above, style: withoutMarks }))).toBe(true)
})

test('a pasted book stays complete in the field, which says by how much it is too long', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const book = 'Il était une fois, dans une école. '.repeat(6_000)
  await claire.composer.fill(book)
  await expect(claire.pane.getByText(/^\d+ caractères de trop$/)).toBeVisible()
  await expect(claire.composer).toHaveValue(book)
  await expect(claire.sendButton).toBeDisabled()
  await expect(claire.sendButton).toBeInViewport()
  expect((await claire.composer.boundingBox())?.height).toBeLessThanOrEqual(330)
  await claire.page.reload()
  await expect(claire.composer).toHaveValue(book)
  await claire.composer.fill('Une fois')
  expect((await claire.composer.boundingBox())?.height).toBeLessThan(60)
})

test('long words, many lines and other scripts stay inside the bubble', async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const long = 'a'.repeat(400)
  const lines = Array.from({ length: 30 }, (_, index) => `ligne ${index + 1}`).join('\n')
  for (const text of [long, `https://example.org/${long}`, lines, 'مرحبا بكم في المدرسة', '👩‍🏫🎉']) {
    await claire.write(text)
    await expect(claire.messages.last()).toContainText(text.slice(0, 20))
  }
  await expect(claire.messages.last()).toBeInViewport()
  const overflow = await claire.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  expect(await claire.scroller.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
})
