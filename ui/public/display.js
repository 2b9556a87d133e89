/*
 * Before the first paint, so a classic script in the head, which the build puts into the page: the theme and the size
 * of the text that were chosen on this device (src/lib/display.ts). It also keeps the browser's offer to install, which
 * may come before the page is there.
 */
;(() => {
  const root = document.documentElement
  const bars = { light: '#ffffff', dark: '#14181f' }

  const stored = (name) => {
    try {
      return localStorage.getItem(`messagerie.${name}`)
    } catch {
      return null
    }
  }

  const apply = (event) => {
    const chosen = event?.detail ?? { theme: stored('theme'), text: stored('text') }
    for (const name of ['theme', 'text']) {
      if (chosen[name]) root.setAttribute(`data-${name}`, chosen[name])
      else root.removeAttribute(`data-${name}`)
    }
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.content = bars[chosen.theme] ?? bars[meta.getAttribute('media').includes('dark') ? 'dark' : 'light']
    }
  }

  apply()
  addEventListener('messagerie:display', apply)
  addEventListener('storage', apply)
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    window.messagerieInstall = event
  })
})()
