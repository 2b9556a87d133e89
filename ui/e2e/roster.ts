import type { Locator, Page } from '@playwright/test'

/** A file as a school's software writes it: one byte per character. */
export interface RosterFile {
  name: string
  content: Buffer
}

/** The characters of Windows-1252 that ISO 8859-1 doesn't have, as far as names need them. */
const beyondLatin1: Record<string, number> = { Œ: 0x8c, œ: 0x9c, '’': 0x92, Ÿ: 0x9f }

export function windows1252(name: string, lines: string[]): RosterFile {
  const text = lines.map((line) => `${line}\r\n`).join('')
  return { name, content: Buffer.from(Array.from(text, (character) => beyondLatin1[character] ?? character.charCodeAt(0))) }
}

/** Drops a file from the desktop. */
export async function drop(target: Locator, { name, content }: RosterFile): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle(
    ([fileName, bytes]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], fileName))
      return transfer
    },
    [name, [...content]] as const,
  )
  await target.dispatchEvent('drop', { dataTransfer })
}

/** How many pages the page has on paper. */
export async function printedPages(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
}
