import type { Language } from '../../i18n/i18n'
import { fileTextsIn } from '../../i18n/files/texts'
import { kindOf } from './kinds'
import { clockText } from './lengthText'
import { isVoice } from './voice'

/** What stands for a message without a text: « Photo », « 3 photos », « Message vocal (0:12) », « Document : sortie.pdf ». */
export function summaryOf(language: Language, files: readonly { name: string; type: string; width?: number; height?: number; duration?: number; has_thumbnail?: boolean }[]): string {
  const t = fileTextsIn(language)
  const [first] = files
  if (!first) return ''
  const kinds = new Set(files.map(kindOf))
  const count = files.length
  const kind = kindOf(first)
  if (count > 1) {
    if (kinds.size > 1) return t('summary.files', { count })
    return t(kind === 'picture' ? 'summary.pictures' : kind === 'video' ? 'summary.videos' : 'summary.files', { count })
  }
  if (isVoice(first)) return first.duration ? t('summary.voice', { length: clockText(language, first.duration) }) : t('voice')
  switch (kind) {
    case 'picture':
    case 'video':
      return t(`summary.${kind}`)
    default:
      return t(`summary.${kind}`, { name: first.name })
  }
}
