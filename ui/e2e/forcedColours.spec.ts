import type { Locator } from '@playwright/test'
import { expect, test } from './test'

const styleOf = (target: Locator) =>
  target.evaluate((element) => {
    const { backgroundColor, outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
    return { backgroundColor, outlineStyle, outlineWidth, outlineColor }
  })

test('with forced colours, focus, selection and edges are visible', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.page.emulateMedia({ forcedColors: 'active' })
  await claire.open('Jérôme Lefèvre')
  const system = await claire.page.evaluate(() => {
    const probe = document.createElement('i')
    document.body.append(probe)
    const colour = (name: string) => {
      probe.style.cssText = `forced-color-adjust: none; color: ${name}`
      return getComputedStyle(probe).color
    }
    const found = { canvas: colour('Canvas'), highlight: colour('Highlight'), text: colour('CanvasText') }
    probe.remove()
    return found
  })

  await expect(claire.composer).toBeFocused()
  const field = await styleOf(claire.composer.locator('xpath=ancestor::form'))
  expect(field).toMatchObject({ outlineStyle: 'solid', outlineWidth: '2px' })
  expect(field.outlineColor).not.toBe('rgba(0, 0, 0, 0)')

  // The line's colour is animated.
  await expect.poll(async () => (await styleOf(claire.line('Jérôme Lefèvre'))).backgroundColor).toBe(system.highlight)
  expect((await styleOf(claire.line('Emily Clarke'))).backgroundColor).not.toBe(system.highlight)

  const bubble = await styleOf(claire.message('les croissants').locator('.bubble'))
  expect(bubble.outlineStyle).toBe('solid')
  expect(bubble.outlineColor).not.toBe('rgba(0, 0, 0, 0)')

  const dot = await styleOf(claire.page.locator('.connection-dot'))
  expect(dot.backgroundColor).toBe(system.text)
  expect(dot.backgroundColor).not.toBe(system.canvas)
})
