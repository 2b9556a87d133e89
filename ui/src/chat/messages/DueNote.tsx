import type { Language } from '../../i18n/i18n'
import { scheduleTextsIn } from '../../i18n/schedule/texts'
import { whenText } from '../../i18n/schedule/whenText'
import { useTranslation } from '../../i18n/useTranslation'
import type { Timestamp } from '../../protocol/resources'

/** Below a message that is to be sent later, until the server has it. */
export function DueNote({ at, zone }: { at: Timestamp; zone: string | undefined }) {
  const language = useTranslation().i18n.language as Language
  return <p className="scheduled-note">{scheduleTextsIn(language)('willSend', { when: whenText(language, at, zone) })}</p>
}
