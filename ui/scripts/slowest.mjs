// Names the ten slowest tests of each suite, for `make test-times`:
// node scripts/slowest.mjs GO JEST PLAYWRIGHT, the files that the suites' own JSON reporters wrote.
import { readFileSync } from 'node:fs'
import { argv, stdout } from 'node:process'

const [go, jest, playwright] = argv.slice(2).map((file) => readFileSync(file, 'utf8'))

/** One line of JSON for each event; a subtest counts as part of its test. */
const goTests = go
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter(({ Action, Test }) => (Action === 'pass' || Action === 'fail') && Test && !Test.includes('/'))
  .map(({ Package, Test, Elapsed }) => ({ name: `${Package} ${Test}`, seconds: Elapsed }))

const jestTests = JSON.parse(jest).testResults.flatMap(({ name, assertionResults }) =>
  assertionResults.map(({ fullName, duration }) => ({ name: `${name.replace(/.*\/src\//, 'src/')} ${fullName}`, seconds: (duration ?? 0) / 1000 })),
)

/** A suite is a file or a `describe`, and holds tests and further suites. */
const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)]
const browserTests = specsOf(JSON.parse(playwright)).flatMap(({ file, title, tests }) =>
  tests.map(({ projectName, results }) => ({ name: `${file} ${title} (${projectName})`, seconds: Math.max(0, ...results.map((one) => one.duration)) / 1000 })),
)

for (const [suite, tests] of Object.entries({ Go: goTests, Jest: jestTests, Browser: browserTests })) {
  stdout.write(`\n${suite}: ${tests.length} tests\n`)
  for (const { name, seconds } of tests.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10)) {
    stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`)
  }
}
