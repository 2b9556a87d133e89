import fc from 'fast-check'
import { ModelRun, step, type Step } from '../../testing/modelRun'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

async function converges(steps: Step[]): Promise<void> {
  localStorage.clear()
  sessionStorage.clear()
  const run = new ModelRun()
  try {
    for (const one of steps) await run.take(one)
    await run.settle()
    const check = () => {
      const { shown, fresh } = run.compare()
      expect(shown).toEqual(fresh)
    }
    check()
    await run.visit(check)
  } finally {
    run.end()
  }
}

const open: Step[] = [{ do: 'connect' }, { do: 'readList' }, { do: 'send', count: 9 }, { do: 'arrive', which: 0 }]

/** Cases from issues. */
const examples: [string, Step[]][] = [
  [
    'what was read while a list was under way stays read',
    [{ do: 'connect' }, { do: 'readAnswer', which: 0 }, { do: 'readList' }, { do: 'send', count: 9 }, { do: 'look' }, { do: 'open', in: 0 }, { do: 'arrive', which: 1 }, { do: 'wait' }, { do: 'receive' }, { do: 'send', count: 9 }, { do: 'arrive', which: 0 }],
  ],
  [
    'of two messages deleted while one request is under way neither is counted',
    [
      { do: 'connect' }, { do: 'readAnswer', which: 0 }, { do: 'readList' }, { do: 'send', count: 9 },
      { do: 'delete', by: 2, in: 3, at: 1 }, { do: 'send', count: 9 }, { do: 'delete', by: 2, in: 3, at: 2 }, { do: 'send', count: 9 }, { do: 'arrive', which: 0 },
    ],
  ],
  ['a last message that was removed isn’t the last any more', [...open, { do: 'remove', by: 2, in: 3, at: 0 }]],
]

test.each(examples)('%s', (_, steps) => converges(steps))

test('whatever arrives in whatever order, the client converges to the server’s state', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), converges), { numRuns: Number(process.env.RUNS ?? 60) })
}, 3_600_000)
