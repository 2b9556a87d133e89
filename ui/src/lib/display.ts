import { readStored, writeStored } from './storage'

/** How the page looks on this device; the first of each is the default. Applied by public/display.js, before the first paint. */
export const displayChoices = { theme: ['system', 'light', 'dark'], text: ['normal', 'large', 'larger'] } as const
type Choices = typeof displayChoices
export type DisplayName = keyof Choices
export type DisplayChoice<N extends DisplayName> = Choices[N][number]

export function readDisplay<N extends DisplayName>(name: N): DisplayChoice<N> {
  const stored = readStored(`messagerie.${name}`)
  const choices: readonly DisplayChoice<N>[] = displayChoices[name]
  return choices.find((one) => one === stored) ?? (choices[0] as DisplayChoice<N>)
}

export function storeDisplay<N extends DisplayName>(name: N, choice: DisplayChoice<N>): void {
  writeStored(`messagerie.${name}`, choice === displayChoices[name][0] ? null : choice)
  applyDisplay()
}

/** After the stored choices have changed. They may be in memory alone, where there is no storage. */
export function applyDisplay(): void {
  const detail = { theme: readStored('messagerie.theme'), text: readStored('messagerie.text') }
  window.dispatchEvent(new CustomEvent('messagerie:display', { detail }))
}

const enterKey = 'messagerie.enter'

/** Whether Enter makes a new line on a computer, instead of sending. */
export function isEnterLine(): boolean {
  return readStored(enterKey) === 'line'
}

export function storeEnterLine(isLine: boolean): void {
  writeStored(enterKey, isLine ? 'line' : null)
}
