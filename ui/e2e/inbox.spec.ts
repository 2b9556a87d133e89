import type { Locator } from '@playwright/test'
import type { Person } from './person'
import { expect, test } from './test'

const jerome = 'Jérôme Lefèvre'

/** Opens the menu of a line as this device does: by a right click, or a long press. */
async function menuOf(person: Person, name: string): Promise<Locator> {
  // The tools are loaded once the first conversations are shown.
  await expect(person.page.getByRole('button', { name: 'Filtrer les conversations' })).toBeVisible()
  const menu = person.page.getByRole('menu', { name: 'Actions sur la conversation' })
  await person.line(name).click({ button: 'right' })
  await expect(menu).toBeVisible()
  return menu
}

async function choose(person: Person, name: string, action: string): Promise<void> {
  const menu = await menuOf(person, name)
  await menu.getByRole('menuitem', { name: action, exact: true }).click()
  await expect(menu).toHaveCount(0)
}

async function filter(person: Person, name: string): Promise<void> {
  await person.page.getByRole('button', { name: 'Filtrer les conversations' }).click()
  await person.page.getByRole('menuitemradio', { name }).click()
}

const firstLine = (person: Person) => person.page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first()

test('conversations are pinned, marked as unread, archived and muted, on every device of the person', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const other = await enter('claire.martin')
  const sender = await enter('jerome.lefevre')

  await choose(claire, jerome, 'Épingler')
  await expect(firstLine(claire)).toContainText(jerome)
  await expect(firstLine(claire)).toContainText('Épinglée')
  await expect(firstLine(other)).toContainText(jerome)
  await choose(other, jerome, 'Désépingler')
  await expect(claire.line(jerome)).not.toContainText('Épinglée')

  await choose(claire, jerome, 'Marquer comme non lue')
  await expect(other.line(jerome)).toContainText('Marquée comme non lue')
  await other.open(jerome)
  await expect(other.pane).toBeVisible()
  await other.page.goto('/')
  await expect(claire.line(jerome)).not.toContainText('Marquée comme non lue')

  await choose(claire, jerome, 'Archiver')
  await expect(claire.line(jerome)).toHaveCount(0)
  await expect(other.line(jerome)).toHaveCount(0)
  await filter(claire, 'Archivées')
  await expect(claire.line(jerome)).toBeVisible()
  await sender.open('Claire Martin')
  await sender.write('Une nouvelle chose.')
  await expect(other.line(jerome)).toBeVisible()
  await expect(claire.page.getByText('Aucune conversation archivée')).toBeVisible()

  await filter(claire, 'Non lues')
  await expect(claire.line(jerome)).toBeVisible()
  await claire.page.getByRole('button', { name: 'Non lues : Tout afficher' }).click()

  await choose(claire, jerome, 'Pendant 1 heure')
  await expect(other.line(jerome)).toContainText('Notifications coupées')
  await choose(other, jerome, 'Réactiver les notifications')
  await expect(claire.line(jerome)).not.toContainText('Notifications coupées')
})

test('the menu of a line opens from the keyboard and by a long press, and the details have the same', async ({ enter }) => {
  const claire = await enter('claire.martin')
  const menu = claire.page.getByRole('menu', { name: 'Actions sur la conversation' })
  await expect(claire.page.getByRole('button', { name: 'Filtrer les conversations' })).toBeVisible()
  await claire.line(jerome).focus()
  await claire.page.keyboard.press('Shift+F10')
  await expect(menu.getByRole('menuitem', { name: 'Épingler' })).toBeFocused()
  await claire.page.keyboard.press('Escape')
  await expect(claire.line(jerome)).toBeFocused()

  const line = claire.line(jerome)
  await line.dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true, clientX: 50, clientY: 100 })
  await expect(menu).toBeVisible()
  await line.dispatchEvent('pointerup', { pointerType: 'touch', isPrimary: true })
  await line.dispatchEvent('click')
  await expect(claire.pane).toHaveCount(0)
  await claire.page.keyboard.press('Escape')

  await claire.open(jerome)
  await claire.page.getByRole('button', { name: 'Détails de la conversation' }).click()
  const details = claire.page.getByRole('dialog', { name: 'Détails de la conversation' })
  await details.getByRole('switch', { name: 'Couper les notifications' }).check()
  await details.getByRole('button', { name: 'Jusqu’à demain, 8 h' }).click()
  await expect(details).toContainText('Jusqu’à demain à 8 h')
  await details.getByRole('button', { name: 'Marquer comme non lue' }).click()
  await expect(details).toBeHidden()
  await expect(claire.line(jerome)).toContainText('Marquée comme non lue')
})
