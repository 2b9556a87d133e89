import type { Page } from '@playwright/test'
import type { Person } from './person'
import { connectionErrors, expect, test } from './test'

const chosen = ({ pane }: Person) => pane.getByRole('list', { name: 'Fichiers à envoyer' }).getByRole('listitem')
const photos = ({ messages }: Person) => messages.getByRole('button', { name: /^Agrandir la photo/ })

/** A picture of one colour. */
async function picture(page: Page, name: string, colour: string) {
  const data = await page.evaluate(async (fill) => {
    const canvas = new OffscreenCanvas(900, 600)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.fillStyle = fill
    context.fillRect(0, 0, 900, 600)
    return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()))
  }, colour)
  return { name, mimeType: 'image/png', buffer: Buffer.from(data) }
}

/** A second of a tone, with moving pictures or without, as the browser records it. */
async function recording(page: Page, name: string, hasPictures: boolean) {
  const { data, type } = await page.evaluate(async (isFilm) => {
    const sound = new AudioContext()
    const tone = sound.createOscillator()
    const heard = sound.createMediaStreamDestination()
    tone.connect(heard)
    tone.start()
    const tracks = [...heard.stream.getTracks()]
    let timer = 0
    if (isFilm) {
      const canvas = document.createElement('canvas')
      canvas.width = 160
      canvas.height = 120
      const context = canvas.getContext('2d')
      timer = window.setInterval(() => {
        if (!context) return
        context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`
        context.fillRect(0, 0, 160, 120)
      }, 40)
      tracks.push(...canvas.captureStream(25).getTracks())
    }
    const recorder = new MediaRecorder(new MediaStream(tracks))
    const parts: Blob[] = []
    const stopped = new Promise<void>((resolve) => {
      recorder.onstop = () => { resolve() }
    })
    recorder.ondataavailable = (event) => {
      parts.push(event.data)
      if (sound.currentTime > 1.2 && recorder.state === 'recording') recorder.stop()
    }
    recorder.start(100)
    await stopped
    window.clearInterval(timer)
    await sound.close()
    const bytes = await new Blob(parts).arrayBuffer()
    return { data: Array.from(new Uint8Array(bytes)), type: recorder.mimeType.split(';')[0] ?? '' }
  }, hasPictures)
  return { name, mimeType: type, buffer: Buffer.from(data) }
}

test('a file is dropped on the conversation', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const dropped = await claire.page.evaluateHandle(() => {
    const files = new DataTransfer()
    files.items.add(new File(['%PDF-1.4\n%%EOF\n'], 'sortie.pdf', { type: 'application/pdf' }))
    return files
  })
  await claire.scroller.dispatchEvent('dragenter', { dataTransfer: dropped })
  await expect(claire.pane.getByText('Déposez vos fichiers ici')).toBeVisible()
  await claire.scroller.dispatchEvent('dragover', { dataTransfer: dropped })
  await claire.scroller.dispatchEvent('drop', { dataTransfer: dropped })
  await expect(claire.pane.getByText('Déposez vos fichiers ici')).toBeHidden()
  await expect(chosen(claire)).toHaveCount(1)
  await claire.sendButton.click()
  await expect(claire.messages.getByRole('button', { name: /^Télécharger sortie\.pdf/ })).toHaveCount(1)
})

test('a picture is pasted from the clipboard', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await claire.open('Jérôme Lefèvre')
  await claire.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 200)
    canvas.getContext('2d')?.fillRect(0, 0, 300, 200)
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob() })])
  })
  await claire.composer.press('Control+v')
  await expect(chosen(claire)).toHaveCount(1)
  await claire.write('Le plan')
  await expect(claire.message('Le plan').getByRole('button', { name: /^Agrandir la photo/ })).toHaveCount(1)
})

test('a sound and a film are played, one at a time', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.pane.locator('input[type=file]').setInputFiles([await recording(claire.page, 'chorale.webm', false), await recording(claire.page, 'sortie.webm', true)])
  await expect(chosen(claire)).toHaveCount(2)
  await claire.sendButton.click()

  const sound = jerome.messages.getByRole('group', { name: /^Enregistrement audio chorale\.webm · 1\sseconde$/ })
  await expect(sound).toBeVisible()
  await expect(sound.getByRole('button', { name: /^Télécharger chorale\.webm/ })).toBeVisible()
  const film = jerome.messages.getByLabel('Vidéo sortie.webm')
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBe(160)
  await film.evaluate((video: HTMLVideoElement) => {
    video.loop = true
    return video.play()
  })
  await sound.getByRole('button', { name: 'Écouter' }).click()
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true)
  await expect(sound.getByRole('button', { name: 'Écouter' })).toBeVisible() // at its end
})

test('an upload is begun again after the server was killed in the middle of it', { tag: '@desktop' }, async ({ enter, school, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  const network = await claire.page.context().newCDPSession(claire.page)
  const slow = (bytesPerSecond: number) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond })
  await network.send('Network.enable')
  await slow(400_000)
  const text = { name: 'cours.txt', mimeType: 'text/plain', buffer: Buffer.from('Bonjour. '.repeat(500_000)) }
  await claire.pane.locator('input[type=file]').setInputFiles(text)
  await expect(chosen(claire)).toHaveCount(1)
  await claire.sendButton.click()
  await expect(claire.messages.getByRole('img', { name: /^Envoi de cours\.txt\s: [1-7]\d\s%$/ })).toBeVisible()
  await school.crash()
  await slow(-1)
  await school.start()
  await expect(claire.messages.getByRole('button', { name: /^Télécharger cours\.txt, Texte · 4,3 Mo/ })).toHaveCount(1, { timeout: 60_000 })
})

test.describe('by finger', { tag: '@phone' }, () => {
  /** Drags a finger across the page. */
  async function swipe(page: Page, from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> {
    const touch = await page.context().newCDPSession(page)
    const point = (part: number) => [{ x: from.x + by.x * part, y: from.y + by.y * part }]
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(0) })
    for (const part of [0.1, 0.25, 0.5, 0.75, 1]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(part) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }

  /** Where a finger begins: what it does has to end within the screen. */
  async function startOf(person: Person, text: string): Promise<{ x: number; y: number }> {
    const box = await person.message(text).getByText(text).boundingBox()
    if (!box) throw new Error(`${text} isn't shown`)
    return { x: box.x + 5, y: box.y + box.height / 2 }
  }

  test('pushing a message replies to it', async ({ enter }) => {
    const claire = await enter('claire.martin')
    await claire.open('Jérôme Lefèvre')
    await claire.write('À quelle heure ?')
    await claire.expectState('À quelle heure ?', 'Envoyé')
    const reply = claire.pane.getByText('Réponse à votre message', { exact: true })
    // A finger does something once the page is idle.
    await expect(async () => {
      await swipe(claire.page, await startOf(claire, 'À quelle heure ?'), { x: 100, y: 0 })
      await expect(reply).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await claire.press('Annuler la réponse')
    await swipe(claire.page, await startOf(claire, 'À quelle heure ?'), { x: 20, y: 0 })
    await expect(reply).toBeHidden()
    await swipe(claire.page, await startOf(claire, 'À quelle heure ?'), { x: 100, y: 0 })
    await expect(reply).toBeVisible()
    await claire.write('À huit heures')
    await expect(claire.message('À huit heures').getByRole('blockquote')).toContainText('À quelle heure ?')
  })

  test('the viewer goes to the next picture, and is pulled down to close it', async ({ enter }) => {
    const claire = await enter('claire.martin')
    await claire.open('Jérôme Lefèvre')
    await claire.pane.locator('input[type=file]').setInputFiles([await picture(claire.page, 'cour.png', '#2f7d4f'), await picture(claire.page, 'salle.png', '#3b5bd0')])
    await expect(chosen(claire)).toHaveCount(2)
    await claire.sendButton.click()
    await expect(photos(claire)).toHaveCount(2)
    await expect(claire.scroller.locator('li[data-message]').last()).toContainText(/Envoyé|Distribué|Lu/)
    await photos(claire).first().tap()
    const viewer = claire.page.getByRole('dialog', { name: 'Photos du message' })
    await expect(viewer.getByText('cour.png')).toBeVisible()
    await swipe(claire.page, { x: 320, y: 400 }, { x: -280, y: 0 })
    await expect(viewer.getByText('salle.png')).toBeVisible()
    await swipe(claire.page, { x: 40, y: 400 }, { x: 280, y: 0 })
    await expect(viewer.getByText('cour.png')).toBeVisible()
    await swipe(claire.page, { x: 180, y: 300 }, { x: 0, y: 400 })
    await expect(viewer).toBeHidden()
  })
})
