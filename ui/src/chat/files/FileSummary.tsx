import type { ReactNode } from 'react'
import type { Language } from '../../i18n/i18n'
import { useTranslation } from '../../i18n/useTranslation'
import { summaryOf } from './summary'

export interface FileSummaryProps {
  files: Parameters<typeof summaryOf>[1]
  /** Puts the summary into a sentence. */
  children?: (summary: string) => ReactNode
}

/** In place of the text of a message that has none. */
export function FileSummary({ files, children = (summary) => summary }: FileSummaryProps) {
  return children(summaryOf(useTranslation().i18n.language as Language, files))
}
