import type { OutgoingFile } from './chatState'

/** The files in a draft: a line of JSON each, so that two drafts are joined like two texts. */
export function filesIn(draft: string): OutgoingFile[] {
  return draft.split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as OutgoingFile] : []
    } catch {
      return []
    }
  })
}

export function draftWith(files: readonly OutgoingFile[]): string {
  return files.map((file) => JSON.stringify(file)).join('\n')
}
