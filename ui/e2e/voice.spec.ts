import type { Locator } from '@playwright/test'
import { Api } from './api'
import { withMicrophone } from './browser'
import { Person } from './person'
import { connectionErrors, expect, test } from './test'

test.use({ hasServiceWorker: true, launchOptions: withMicrophone })

const recorder = ({ page }: Person) => page.getByRole('group', { name: 'Message vocal', exact: true })
const button = (person: Person, name: string | RegExp) => recorder(person).getByRole('button', { name })
const voices = ({ messages }: Person) => messages.getByRole('group', { name: /^Message vocal · / })

/** Begins a recording, and waits for its first second. */
async function record(person: Person): Promise<void> {
  await person.pane.getByRole('button', { name: 'Enregistrer un message vocal' }).click()
  await expect(recorder(person).getByRole('timer')).toHaveText(/0:0[1-9]/)
}

/** Plays a sound to its end. What its button is called in between may be over before it can be looked at. */
async function hear(part: Locator): Promise<void> {
  const names = await part.evaluateHandle((element) => {
    const seen: (string | null)[] = []
    new MutationObserver((changes) => {
      for (const { target } of changes) if (target instanceof HTMLButtonElement) seen.push(target.getAttribute('aria-label'))
    }).observe(element, { subtree: true, attributeFilter: ['aria-label'] })
    return seen
  })
  await part.getByRole('button', { name: 'Écouter' }).click()
  await expect.poll(() => names.jsonValue()).toEqual(['Mettre en pause', 'Écouter'])
}

test('a voice message is recorded, listened to, sent and heard', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const jerome = await enter('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await record(claire)
  await button(claire, 'Mettre l’enregistrement en pause').click()
  await expect(recorder(claire).getByText('Enregistrement en pause')).toBeAttached()
  await button(claire, 'Reprendre l’enregistrement').click()
  await button(claire, 'Terminer et écouter').click()
  await hear(recorder(claire))
  await button(claire, 'Envoyer le message vocal').click()
  await expect(claire.composer).toBeVisible()
  await expect(voices(claire).getByRole('button', { name: 'Télécharger le message vocal' })).toBeVisible()

  await expect(jerome.line('Claire Martin')).toContainText(/Message vocal \(0:0\d\)/)
  await jerome.open('Claire Martin')
  const heard = voices(jerome)
  await expect(heard).toHaveCount(1)
  await expect(heard).toHaveAccessibleName(/^Message vocal · [1-9]\ssecondes?$/)
  await expect(heard.locator('path').first()).toBeVisible() // its form
  await heard.getByRole('button', { name: 'Vitesse de lecture : 1×' }).click()
  await expect(heard.getByRole('button', { name: 'Vitesse de lecture : 1,5×' })).toBeVisible()
  await hear(heard)

  const place = heard.getByRole('slider', { name: 'Position dans l’enregistrement' })
  await place.press('End')
  await expect(place).toHaveAttribute('aria-valuetext', /^([1-9])\ssecondes? sur \1\ssecondes?$/)
  await place.press('Home')
  await expect(place).toHaveAttribute('aria-valuetext', /^0\sseconde sur/)
})

test('a voice message recorded offline survives a killed tab, and is sent once', async ({ enter, school, tolerate }) => {
  tolerate(...connectionErrors)
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
  await claire.page.reload()
  await claire.untilConnected()
  const { conversationId } = claire
  const context = claire.page.context()
  await context.setOffline(true)
  await record(claire)
  await button(claire, 'Envoyer le message vocal').click()
  await expect(voices(claire).getByRole('img', { name: /^message-vocal-.*, en attente d’envoi$/ })).toBeVisible()
  await claire.page.close()

  await context.setOffline(false)
  const again = new Person(await context.newPage())
  await again.page.goto(`/c/${conversationId}`)
  await expect(voices(again).getByRole('button', { name: 'Télécharger le message vocal' })).toHaveCount(1)
  await again.page.reload()
  await expect(voices(again)).toHaveCount(1)
  const stored = await (await Api.asPerson(school.url, 'jerome.lefevre')).messages(conversationId, 'limit=5')
  const sent = stored.flatMap(({ attachments = [] }) => attachments)
  expect(sent.map(({ type }) => type)).toEqual([expect.stringMatching(/^audio\//)])
  expect(sent[0]?.duration).toBeGreaterThan(0.9)
})

test('a recording is kept when its conversation is left, and gone when it is deleted', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await record(claire)
  await claire.open('Fatima Benali')
  await claire.open('Jérôme Lefèvre')
  await expect
    .poll(async () => {
      await claire.open('Fatima Benali')
      await claire.open('Jérôme Lefèvre')
      return claire.pane.getByRole('list', { name: 'Fichiers à envoyer' }).getByText(/^message-vocal-/).count()
    })
    .toBe(1)
  await claire.press(await claire.pane.getByRole('button', { name: /^Retirer message-vocal-/ }).getAttribute('aria-label') ?? '')
  await record(claire)
  await button(claire, 'Supprimer l’enregistrement').click()
  await expect(claire.composer).toBeFocused()
  await expect(claire.pane.getByRole('list', { name: 'Fichiers à envoyer' })).toHaveCount(0)
})

test('a double click on the send button sends, and records nothing', { tag: '@desktop' }, async ({ enter }) => {
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.composer.fill('Deux fois')
  await claire.sendButton.dblclick()
  await claire.expectState('Deux fois', 'Envoyé')
  await expect(claire.composer).toBeVisible()
  await expect(recorder(claire)).toHaveCount(0)
})
