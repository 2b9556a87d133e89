import { expect, test } from './test'

test('over midnight, « Aujourd’hui » becomes « Hier », in the list as well', { tag: '@desktop' }, async ({ enter, tolerate }) => {
  tolerate(/WebSocket is closed before/) // on a slow machine, when the clock jumps
  const claire = await enter('claire.martin')
  await claire.open('Jérôme Lefèvre')
  await claire.write('Avant minuit')
  await claire.expectState('Avant minuit', /^(Envoyé|Distribué)$/)
  const sent = (await claire.message('Avant minuit').locator('time').getAttribute('datetime')) ?? ''
  // Midnight in the browser's time zone.
  const midnight = await claire.page.evaluate((time) => new Date(time).setHours(24, 0, 0, 0), sent)

  await claire.page.clock.install({ time: sent })
  await claire.page.reload()
  await claire.untilConnected()
  const day = claire.pane.getByText('Aujourd’hui', { exact: true })
  const time = claire.line('Jérôme Lefèvre').locator('time')
  await expect(day).toBeVisible()
  await expect(time).toHaveText(/^\d\d:\d\d$/)
  await claire.page.clock.pauseAt(midnight - 90_000)
  await expect(day).toBeVisible()
  await claire.page.clock.runFor(180_000)
  await expect(day).toHaveCount(0)
  await expect(claire.pane.getByText('Hier', { exact: true }).last()).toBeVisible()
  await expect(time).toHaveText('Hier')
})
