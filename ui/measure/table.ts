import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Prints what the measurements have noted, as annotations of type "figure". */
export default class Table implements Reporter {
  private failed: string[] = []

  onTestEnd(test: TestCase, result: TestResult): void {
    console.log(`\n${test.title}`)
    const figures = result.annotations.filter(({ type }) => type === 'figure').map(({ description = '' }) => description.split('\t'))
    for (const [name = '', value = '', goal = ''] of figures) {
      console.log(`  ${name.padEnd(58)}${value.padStart(16)}   ${goal}`)
    }
    for (const { message, stack } of result.errors) this.failed.push(`${test.title}: ${stack ?? message ?? ''}`)
  }

  onError({ message, stack }: { message?: string; stack?: string }): void {
    this.failed.push(stack ?? message ?? '')
  }

  onEnd({ status }: FullResult): void {
    for (const failure of this.failed) console.error(`\n${failure}`)
    console.log(`\n${status === 'passed' ? 'Measured.' : 'Not everything could be measured.'}`)
  }
}
