import { rm } from 'node:fs/promises'
import path from 'node:path'
import { Balancer, startNodes } from './nodes'
import { connectionErrors, expect, test } from './test'

const reconnectTimeout = 30_000

test('two people on two machines write to each other, also after the machine that leads has died', { tag: '@desktop' }, async ({ workDir, template, visit, tolerate }, info) => {
  tolerate(...connectionErrors, /status of 503/)
  const dir = path.join(workDir, `${info.testId}-nodes`)
  const nodes = await startNodes(dir, template.dataDir)
  const [leader, ...others] = nodes
  if (!leader) throw new Error('no nodes')
  const before = [await Balancer.before(nodes), await Balancer.before([...others, leader])]
  const [claire, jerome] = [await visit(before[0]?.url), await visit(before[1]?.url)]
  await claire.logIn('claire.martin')
  await jerome.logIn('jerome.lefevre')
  await claire.open('Jérôme Lefèvre')
  await jerome.open('Claire Martin')
  await claire.write('Machine 1')
  await expect(jerome.message('Machine 1')).toBeVisible()
  await jerome.write('Machine 2')
  await expect(claire.message('Machine 2')).toBeVisible()

  await claire.composer.pressSequentially('Machine 3, au mil')
  await jerome.composer.pressSequentially('Machine')
  await leader.crash()
  await claire.composer.pressSequentially('ieu d’un mot')
  await claire.sendButton.click()
  await jerome.composer.pressSequentially(' 4')
  await jerome.sendButton.click()
  for (const person of [claire, jerome]) {
    await person.untilConnected({ timeout: reconnectTimeout })
    await expect(person.message('Machine 3')).toContainText('Machine 3, au milieu d’un mot', { timeout: reconnectTimeout })
    await expect(person.message('Machine 4')).toBeVisible({ timeout: reconnectTimeout })
  }
  await claire.expectState('Machine 3', 'Lu')
  expect(await claire.texts(/Machine \d/)).toEqual(await jerome.texts(/Machine \d/))
  expect(await claire.texts(/Machine \d/)).toHaveLength(4)

  await leader.start()
  await jerome.write('Machine 5')
  await expect(claire.message('Machine 5')).toBeVisible()
  for (const balancer of before) balancer.close()
  for (const node of nodes) await node.crash()
  await rm(dir, { recursive: true, force: true })
})
