import { Person } from './person'
import { connectionErrors, expect, test } from './test'

test.use({ config: 'limits:\n  sockets_per_user: 2\n' })

test('a window too many shows why it isn’t connected, and connects once another one is closed', async ({ enter, tolerate }) => {
  tolerate(/status of 429/, ...connectionErrors)
  const claire = await enter('claire.martin')
  const open = async () => {
    const window = new Person(await claire.page.context().newPage())
    await window.page.goto('/')
    return window
  }
  await (await open()).untilConnected()
  const third = await open()
  await expect(third.connection).toContainText('Trop d’appareils ou de fenêtres sont connectés à votre compte (2 au plus).')
  expect(await third.connection.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
  await expect(third.line('Jérôme Lefèvre')).toBeVisible()

  await claire.page.close()
  await expect(async () => {
    await third.press('Se reconnecter')
    await third.untilConnected({ timeout: 1_000 })
  }).toPass()
})
