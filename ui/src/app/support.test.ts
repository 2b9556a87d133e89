import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const source = (name: string) => readFileSync(join(__dirname, '../../public', name), 'utf8')
const page = document.documentElement

function load(language: string): string[] {
  jest.spyOn(navigator, 'language', 'get').mockReturnValue(language)
  document.body.innerHTML = '<div id="root"></div>'
  window.eval(source('support.js'))
  for (const script of document.head.querySelectorAll('script')) {
    window.eval(source(script.getAttribute('src') ?? ''))
    script.remove()
  }
  return [...document.querySelectorAll('#root > *')].map((element) => element.textContent)
}

test('a browser that can run the client sees nothing of it', () => {
  Object.defineProperty(HTMLScriptElement.prototype, 'noModule', { configurable: true, value: false }) // jsdom lacks it
  expect(load('fr-FR')).toEqual([])
  Reflect.deleteProperty(HTMLScriptElement.prototype, 'noModule')
})

test('one that lacks what the client needs says so in its language, or in French', () => {
  jest.spyOn(window, 'RegExp').mockImplementation(() => {
    throw new SyntaxError('invalid group specifier name') // Safari 16.3
  })
  expect(load('fr-FR')).toEqual(['Ce navigateur est trop ancien', expect.stringContaining('iOS 16.4')])
  expect(load('en-GB')[0]).toBe('This browser is too old')
  expect(page.dir).toBe('ltr')
  expect(load('ar')[0]).toContain('قديم')
  expect([page.dir, page.lang]).toEqual(['rtl', 'ar'])
  expect(load('de')[0]).toBe('Ce navigateur est trop ancien')
})
