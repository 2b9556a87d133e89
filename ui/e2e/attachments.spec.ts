import type { Page } from '@playwright/test'
import { Api } from './api'
import { connectionErrors, expect, test } from './test'
import type { Person } from './person'

test.use({ hasServiceWorker: true })

declare global {
  interface Window {
    /** Sends the upload that a test has held back. */
    sendHeld?: () => void
  }
}

/** A picture of this size and colour, as the browser makes it. */
async function picture(page: Page, name: string, width: number, height: number, colour: string) {
  const data = await page.evaluate(
    async ([w, h, fill]) => {
      const canvas = document.createElement('canvas')
      canvas.width = w
      canvas.height = h
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      const shade = context.createLinearGradient(0, 0, w, h)
      shade.addColorStop(0, fill)
      shade.addColorStop(1, '#f4d9a0')
      context.fillStyle = shade
      context.fillRect(0, 0, w, h)
      const blob = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, 'image/png') })
      return Array.from(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)))
    },
    [width, height, colour] as const,
  )
  return { name, mimeType: 'image/png', buffer: Buffer.from(data) }
}

const paper = { name: 'sortie.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') }

async function choose(person: Person, ...files: { name: string; mimeType: string; buffer: Buffer }[]) {
  await person.pane.locator('input[type=file]').setInputFiles(files)
  await expect(person.pane.getByRole('list', { name: 'Fichiers à envoyer' }).getByRole('listitem')).toHaveCount(files.length)
}

const shown = (person: Person) => person.messages.getByRole('button', { name: /^Agrandir la photo/ })

test('two pictures with a caption arrive, and open in the viewer, which closes by keyboard', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await choose(claire, await picture(claire.page, 'cour.png', 900, 600, '#2f7d4f'), await picture(claire.page, 'salle.png', 600, 900, '#3b5bd0'))
  await claire.write('La sortie de jeudi')
  await expect(shown(jerome)).toHaveCount(2)
  await expect(jerome.message('La sortie de jeudi').getByRole('group', { name: 'Pièces jointes' })).toBeVisible()
  for (const img of await jerome.message('La sortie de jeudi').locator('img').all()) await expect(img).toHaveJSProperty('complete', true)

  await shown(jerome).first().press('Enter')
  const viewer = jerome.page.getByRole('dialog', { name: 'Photos du message' })
  await expect(viewer).toBeVisible()
  await expect(viewer.getByText('cour.png')).toBeVisible()
  await jerome.page.keyboard.press('ArrowRight')
  await expect(viewer.getByText('salle.png')).toBeVisible()
  await jerome.page.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(shown(jerome).first()).toBeFocused()
})

test('chosen without a connection, a file survives a reload and is sent once', async ({ enter, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await jerome.open('Claire Martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
  await claire.page.reload()
  await claire.untilConnected()
  await claire.page.context().setOffline(true)
  await choose(claire, paper)
  await claire.sendButton.click()
  await expect(claire.messages.getByRole('img', { name: 'sortie.pdf, en attente d’envoi' })).toBeVisible()
  await claire.page.reload()
  await expect(claire.messages.getByRole('img', { name: 'sortie.pdf, en attente d’envoi' })).toBeVisible()
  await claire.page.context().setOffline(false)
  await expect(jerome.messages.getByRole('button', { name: /^Télécharger sortie\.pdf/ })).toHaveCount(1)
  await expect(claire.messages.getByRole('button', { name: /^Télécharger sortie\.pdf/ })).toHaveCount(1)
  await jerome.showList()
  await expect(jerome.line('Claire Martin')).toContainText('Document : sortie.pdf')
})

test('an upload is resumed after the server was killed', { tag: '@desktop' }, async ({ enter, school, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  // In the page: a route doesn't see what passes through the service worker, which may begin to at any moment.
  await claire.page.evaluate(() => {
    const send = XMLHttpRequest.prototype.send
    XMLHttpRequest.prototype.send = function hold(body) {
      XMLHttpRequest.prototype.send = send
      window.sendHeld = () => { this.send(body) }
    }
  })
  await choose(claire, paper)
  await claire.sendButton.click()
  await claire.page.waitForFunction(() => window.sendHeld)
  await school.crash()
  await claire.page.evaluate(() => window.sendHeld?.())
  await school.start()
  await expect(claire.messages.getByRole('button', { name: /^Télécharger sortie\.pdf/ })).toHaveCount(1, { timeout: 60_000 })
})

test('a refused type says so at the message, and the rest is sent without it', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(/415/)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await choose(claire, { name: 'jeu.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\0\0') }, paper)
  await claire.sendButton.click()
  await expect(claire.pane.getByText(/«\sjeu\.exe\s»\s: Ce type de fichier n’est pas accepté/)).toBeVisible()
  await claire.pane.getByRole('button', { name: /^Envoyer sans ce fichier\s:/ }).click()
  await expect(claire.messages.getByRole('button', { name: /^Télécharger sortie\.pdf/ })).toHaveCount(1)
})

test('nobody else gets a file', { tag: '@desktop' }, async ({ enter, school }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const uploaded = claire.page.waitForResponse((response) => response.request().method() === 'POST' && response.url().includes('/attachments/'))
  await choose(claire, paper)
  await claire.sendButton.click()
  const { id } = (await (await uploaded).json()) as { id: number }
  const stranger = await Api.asPerson(school.url, 'karim.haddad')
  const answer = await fetch(`${school.url}/api/messagerie/attachments/${id}/`, { headers: { Authorization: `Bearer ${stranger.token}` } })
  expect(answer.status).toBe(404)
})
