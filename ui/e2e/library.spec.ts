import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Api } from './api'
import { Host } from './host'
import { expect, test as base } from './test'

const test = base.extend<object, { host: Host }>({
  host: [
    async ({ workDir }, use) => {
      const host = await Host.install(path.join(workDir, 'host'))
      await host.serve()
      await use(host)
      await host.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  config: async ({ host }, use) => {
    await use(`server: { allowed_origins: ['${host.url}'] }`)
  },
})

// Serially in one worker, so that the library is packed once.
test.describe.configure({ mode: 'default' })
test.describe('the packed library', { tag: '@desktop' }, () => {
  test('has types that are compatible with the example and with a host’s own translations', async ({ host }) => {
    await writeFile(path.join(host.dir, 'own.ts'), "import { t } from 'i18next'\nexport const own: string = t('a text of the host')\n")
    await host.checkTypes()
  })

  test('renders on a server in its own language, beside a host with another one', async ({ host }) => {
    const html = await host.runInNode(`
      import i18next from 'i18next'
      import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      import { InstantChat, setLanguage } from 'messagerie-ui'

      await i18next.init({ lng: 'nl', resources: { nl: { translation: { own: 'Welkom' } } } })
      await setLanguage('en')
      const menu = createElement(() => i18next.t('own'))
      console.log(renderToString(createElement(InstantChat, { userProfileId: 1, establishmentId: 1, menu })))
    `)
    expect(html).toContain('Welkom')
    expect(html).toContain('aria-label="New conversation"')
  })

  test('lets people write to each other from a page of another origin, and leaves that page alone', async ({ host, school, visit, enter }) => {
    const { token } = await Api.asPerson(school.url, 'claire.martin')
    await host.tell({ baseUrl: school.url, token })
    const claire = await visit(host.url)
    await claire.untilConnected()
    await claire.open('Jérôme Lefèvre')
    await claire.write('Depuis une autre page')
    await claire.expectState('Depuis une autre page', 'Envoyé')

    const jerome = await enter('jerome.lefevre')
    await jerome.open('Claire Martin')
    await expect(jerome.message('Depuis une autre page')).toBeVisible()
    await jerome.write('Bien reçu')
    await expect(claire.message('Bien reçu')).toBeVisible()

    const { page } = claire
    await page.getByRole('button', { name: 'Nouvelle conversation' }).click()
    const dialog = page.getByRole('dialog', { name: 'Nouvelle conversation' })
    await expect(dialog).toHaveCSS('position', 'fixed')
    await dialog.getByRole('combobox').fill('gar')
    await expect(dialog.getByRole('option').first()).toBeVisible()

    expect(await page.evaluate(looksBeside, hostile)).toEqual([])
    await expect(page).toHaveTitle('An existing front end')
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    const [styled, bare] = await page.evaluate(looks)
    expect(styled).toEqual(bare)
  })
})

/** Rules of common style sheets for class names that the library uses as well. */
const hostile = `
  .modal { display: none; opacity: 0; transform: translateY(-50px) }
  .modal-header, .list-header { border-bottom: 9px solid red; float: left }
  .badge, .button, .card .button, .alert, .field, .message, .search { text-transform: uppercase; letter-spacing: 9px; margin: 33px; color: red }
  .list, .menu, .messages, .pane { visibility: hidden; float: right }
`

/** The library's elements whose styles change with such a style sheet. */
function looksBeside(css: string): string[] {
  const elements = Array.from(document.querySelectorAll('.messagerie *'))
  const look = (element: Element) => {
    const style = getComputedStyle(element)
    // Its position depends on the page around it, which has its own buttons.
    const own = Array.from(style).filter((name) => !/^(inset|top|right|bottom|left)/.test(name))
    return own.map((name) => style.getPropertyValue(name)).join('; ')
  }
  const before = elements.map(look)
  const sheet = document.head.appendChild(document.createElement('style'))
  sheet.textContent = css
  const changed = elements.filter((element, index) => look(element) !== before[index])
  sheet.remove()
  return changed.map((element) => element.outerHTML.slice(0, 80))
}

/** The styles of the host's elements with and without the library's style sheet. */
function looks(): string[][] {
  const properties = ['margin', 'padding', 'font', 'color', 'background', 'border', 'box-sizing', 'list-style', 'cursor']
  const look = () =>
    Array.from(document.querySelectorAll('html, body, body > header, body > header *'), (element) => {
      const style = getComputedStyle(element)
      return `${element.tagName} ${properties.map((name) => style.getPropertyValue(name)).join(' | ')}`
    })
  const styled = look()
  for (const sheet of document.styleSheets) sheet.disabled = sheet.href !== null
  return [styled, look()]
}

test('the example in the READMEs is the one tested here', { tag: '@desktop' }, async () => {
  const ui = path.resolve(import.meta.dirname, '..')
  const example = await readFile(path.join(ui, 'example/main.tsx'), 'utf8')
  const indented = example.trimEnd().replaceAll(/^(?=.)/gm, '    ')
  for (const readme of ['README.md', '../README.md']) expect(await readFile(path.join(ui, readme), 'utf8')).toContain(indented)
})
