import '@testing-library/jest-dom'
import { configure } from '@testing-library/react'
import { mockFetch } from './src/testing/mockFetch'
import { MockSocket } from './src/testing/mockSocket'

// What jsdom lacks. A test says who speaks: see src/testing.
Object.assign(globalThis, { WebSocket: MockSocket, fetch: mockFetch.fetch })

globalThis.matchMedia = (media) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})
globalThis.ResizeObserver = class {
  observe = () => undefined
  unobserve = () => undefined
  disconnect = () => undefined
}
// Of no size, nothing would be in sight: a list shows what is.
Object.defineProperty(Element.prototype, 'clientHeight', {
  configurable: true,
  get() {
    if (this.matches('[frimousse-row-sizer], [frimousse-category-header-sizer]')) return 40
    return this.matches('.messages-scroll, .list-scroll, .emoji-viewport') ? 800 : 0
  },
})
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 20 })
Element.prototype.scrollTo = () => undefined
Element.prototype.scrollIntoView = () => undefined
document.hasFocus = () => true
Object.defineProperty(navigator, 'languages', { configurable: true, value: ['fr-FR', 'fr'] })

configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => {
  MockSocket.all = []
  mockFetch.reset()
  localStorage.clear()
  sessionStorage.clear()
  window.history.replaceState(null, '', '/')
})
