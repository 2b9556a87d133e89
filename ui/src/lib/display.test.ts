import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyDisplay, displayChoices, isEnterLine, readDisplay, storeDisplay, storeEnterLine } from './display'

const script = readFileSync(join(__dirname, '../../public/display.js'), 'utf8')
const page = document.documentElement
const bars = () => [...document.querySelectorAll('meta')].map(({ content }) => content)

/** As the page does before it is painted. */
function load(): void {
  document.head.innerHTML = `<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14181f">`
  window.eval(script)
}

test('what was chosen is there before anything else is loaded, and a change applies at once', () => {
  storeDisplay('theme', 'dark')
  storeDisplay('text', 'large')
  load()
  expect(page.dataset).toMatchObject({ theme: 'dark', text: 'large' })
  expect(bars()).toEqual(['#14181f', '#14181f'])
  storeDisplay('theme', 'light')
  expect(page.dataset).toMatchObject({ theme: 'light', text: 'large' })
  expect(bars()).toEqual(['#ffffff', '#ffffff'])
  storeDisplay('theme', 'system')
  storeDisplay('text', 'normal')
  expect({ ...page.dataset }).toEqual({})
  expect(bars()).toEqual(['#ffffff', '#14181f'])
  expect(Object.keys(localStorage)).toEqual([])
})

test('other tabs follow, and so does a log-out', () => {
  load()
  localStorage.setItem('messagerie.theme', 'dark')
  window.dispatchEvent(new StorageEvent('storage', { key: 'messagerie.theme' }))
  expect(page.dataset.theme).toBe('dark')
  localStorage.clear()
  applyDisplay()
  expect(page.dataset.theme).toBeUndefined()
})

test('anything else that is stored counts as the default', () => {
  localStorage.setItem('messagerie.theme', 'blue')
  expect(readDisplay('theme')).toBe('system')
  for (const one of displayChoices.text) {
    storeDisplay('text', one)
    expect(readDisplay('text')).toBe(one)
  }
})

test('the theme and the sizes have styles', () => {
  const styles = readFileSync(join(__dirname, '../styles/page.css'), 'utf8')
  for (const one of ['light', 'dark']) expect(styles).toContain(`:root[data-theme='${one}']`)
  for (const one of ['large', 'larger']) expect(styles).toContain(`:root[data-text='${one}']`)
})

test('Enter sends until it is chosen to make a new line', () => {
  expect(isEnterLine()).toBe(false)
  storeEnterLine(true)
  expect(isEnterLine()).toBe(true)
  storeEnterLine(false)
  expect(Object.keys(localStorage)).toEqual([])
})
