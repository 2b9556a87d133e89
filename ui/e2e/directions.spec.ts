import type { Locator } from '@playwright/test'
import { Api } from './api'
import { expect, test, type TestFixtures } from './test'
import type { Language } from './words'

/** The lines of an element as they are displayed, each from left to right, whatever the order of its characters in the text. */
function drawn(element: Locator): Promise<string[]> {
  return element.evaluate((root) => {
    const lines = new Map<number, [number, string][]>()
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    while (texts.nextNode()) {
      const node = texts.currentNode as Text
      for (let at = 0; at < node.length; at += 1) {
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        const [box] = range.getClientRects()
        if (!box || box.width === 0) continue
        const middle = Math.round((box.top + box.bottom) / 16)
        lines.set(middle, [...(lines.get(middle) ?? []), [box.left, node.data.charAt(at)]])
      }
    }
    return [...lines].sort(([a], [b]) => a - b).map(([, line]) => line.sort(([a], [b]) => a - b).map(([, character]) => character).join(''))
  })
}

/** The side to which a line of a text is aligned, by the distance of its letters from the edges of the bubble. */
function side(message: Locator, line: string): Promise<'left' | 'right'> {
  return message.locator('.bubble-body').evaluate((body, wanted) => {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    while (texts.nextNode()) {
      const node = texts.currentNode as Text
      const at = node.data.indexOf(wanted)
      if (at === -1) continue
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      const box = range.getBoundingClientRect()
      const bubble = body.getBoundingClientRect()
      return box.left - bubble.left < bubble.right - box.right ? 'left' : 'right'
    }
    throw new Error(`${wanted} isn't there`)
  }, line)
}

/** Claire with her conversation with Jérôme open, and a function that sends messages as him. */
async function talk({ school, enter }: Pick<TestFixtures, 'school' | 'enter'>) {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')
  const say = async (text: string): Promise<Locator> => {
    const { id } = await jerome.send(claire.conversationId, text)
    const message = claire.pane.locator(`[data-message="${id}"]`)
    await expect(message).toBeVisible()
    return message
  }
  return { claire, say }
}

for (const language of ['fr', 'ar'] satisfies Language[]) {
  test.describe(language, () => {
    test.use({ language })

    test('a link is displayed in its logical order, whatever the text around it', { tag: '@desktop' }, async ({ school, enter }) => {
      const { say } = await talk({ school, enter })
      for (const [text, href, shown] of [
        ['Voir \u202ehttps://school.example/a?b=1 et', 'https://school.example/a?b=1', 'https://school.example/a?b=1'],
        ['\u202emoc.elpmaxe.loohcs//:sptth https://elsewhere.example', 'https://elsewhere.example/', 'https://elsewhere.example'],
        ['\u2067\u202bhttps://school.example/a\u2069!', 'https://school.example/a', 'https://school.example/a'],
        ['شاهد https://school.example/a/1-2 الآن', 'https://school.example/a/1-2', 'https://school.example/a/1-2'],
        ['שלום www.school.example:8080/?a=1', 'https://www.school.example:8080/?a=1', 'www.school.example:8080/?a=1'],
        ['مرحبا claire.o\'brien-1@school.example ...', 'mailto:claire.o\'brien-1@school.example', 'claire.o\'brien-1@school.example'],
        ['https://аpple.example/a', 'https://xn--pple-43d.example/a', 'https://xn--pple-43d.example/a'],
      ] as const) {
        const link = (await say(text)).getByRole('link')
        expect(await link.evaluate((element: HTMLAnchorElement) => element.href)).toBe(href)
        expect((await drawn(link)).join('')).toBe(shown)
      }
      // Its path runs from right to left, but comes after the host.
      const arabic = (await say('שלום https://school.example/مدرسة/1')).getByRole('link')
      expect((await drawn(arabic)).join('')).toMatch(/^https:\/\/school\.example\/./)
    })

    test('each paragraph has its own direction, and the time is at the end of the last one', { tag: '@desktop' }, async ({ school, enter }) => {
      const { say } = await talk({ school, enter })
      const message = await say('Bonjour à toutes et à tous, voici la suite :\nالسلام عليكم\n12:30\nMerci\n👍')
      expect(await side(message, 'Bonjour')).toBe('left')
      expect(await side(message, 'السلام')).toBe('right')
      expect(await side(message, '12:30')).toBe('right')
      expect(await side(message, 'Merci')).toBe('left')
      expect(await side(message, '👍')).toBe('left')
      const arabic = await say('Bonjour à toutes et à tous, voici la suite :\nالسلام عليكم')
      const [time, bubble] = [await arabic.locator('time').boundingBox(), await arabic.locator('.bubble-body').boundingBox()]
      if (!time || !bubble) throw new Error('there is no time')
      expect(time.x - bubble.x).toBeLessThan(bubble.width / 2)
      for (const text of ['اتصل بي على 78', 'Appelez le 78', '78']) {
        const line = await say(text)
        const number = (await line.locator('.bubble-text').boundingBox()) ?? bubble
        const meta = (await line.locator('.bubble-meta').boundingBox()) ?? bubble
        expect(Math.max(number.x - meta.x - meta.width, meta.x - number.x - number.width)).toBeGreaterThan(6)
      }
      // Copying gives the original text.
      expect(await arabic.locator('.bubble-text').textContent()).toBe('Bonjour à toutes et à tous, voici la suite :\nالسلام عليكم')
    })

    test('numbers read from left to right among Arabic letters', { tag: '@desktop' }, async ({ school, enter }) => {
      const { say } = await talk({ school, enter })
      for (const number of ['06 12 34 56 78', '06.12.34.56.78', '06-12-34-56-78', '+33 6 12 34 56 78', '+33 (0)6 12 34 56 78', '+33612345678', '2026-09-01', '1 000 000', '٠٦ ١٢ ٣٤ ٥٦ ٧٨']) {
        for (const text of [`اتصل بي على ${number} غدا`, `Appelez فاطمة ${number}`]) {
          expect((await drawn((await say(text)).locator('.bubble-text'))).join('')).toContain(number)
        }
      }
      // A range of numbers is displayed in the direction of its line.
      expect((await drawn((await say('العام الدراسي 2025 - 2026 هنا')).locator('.bubble-text'))).join('')).toContain('2026 - 2025')
    })
  })
}

test('a preview and a quote have their own direction and are cut at their end', { tag: '@desktop' }, async ({ school, enter }) => {
  const { claire, say } = await talk({ school, enter })
  const text = `اتصل بي على 06 12 34 56 78 \u202e${'👩‍🏫'.repeat(80)}`
  await say(text)
  const preview = claire.list.getByRole('button').first().locator('.conversation-preview bdi')
  await expect(preview).toContainText('اتصل')
  expect((await drawn(preview)).join('')).toContain('06 12 34 56 78')
  expect(await preview.textContent()).toMatch(/^[^\u202e]*(?:👩‍🏫)+…$/u)
  await claire.act('06 12', claire.words.message.reply)
  await claire.write('Merci')
  const quote = claire.messages.last().locator('.quote-text')
  await expect(quote).toHaveCSS('direction', 'rtl')
  expect(await quote.textContent()).toMatch(/^[^\u202e]*(?:👩‍🏫)+…$/u)
})

test('somebody without a first name is shown by the last name', { tag: '@desktop' }, async ({ school, enter }) => {
  const administrator = await Api.asSuperuser(school.url)
  const { id } = await administrator.find('users', 'email = "jerome.lefevre@demo.example"')
  await administrator.change('users', id, { first_name: '\u200b' })
  const claire = await enter('claire.martin')
  const me = await administrator.find('users', 'email = "claire.martin@demo.example"')
  const third = await administrator.find('users', 'email = "francoise.nunez@demo.example"')
  const jerome = await Api.asPerson(school.url, 'jerome.lefevre')
  const group = await jerome.converse([Number(me.id), Number(third.id)])
  await jerome.send(group.conversation_id, 'message de nofirst')
  const line = claire.list.getByRole('button').first()
  await expect(line).toContainText('Lefèvre : message de nofirst')
  await expect(line.locator('.conversation-name')).toHaveText('Lefèvre, Françoise')
  await line.click()
  await expect(claire.messages.last().locator('.bubble-name')).toHaveText('Lefèvre')
})
