import { Moon } from 'lucide-react'
import type { Language } from '../../i18n/i18n'
import { scheduleTextsIn } from '../../i18n/schedule/texts'
import { whenText } from '../../i18n/schedule/whenText'
import { useTranslation } from '../../i18n/useTranslation'
import { useSpokenText } from '../../lib/useSpokenText'
import type { Timestamp } from '../../protocol/resources'
import { useResting } from '../state/useResting'

interface QuietNoteProps {
  until: Timestamp
  zone: string | undefined
}

/** Above the field while somebody in the conversation is left in peace: when a message would be delivered. */
export function QuietNote({ until, zone }: QuietNoteProps) {
  const language = useTranslation().i18n.language as Language
  const isQuiet = useResting(until)
  const text = isQuiet ? scheduleTextsIn(language)('quietNote', { when: whenText(language, until, zone) }) : ''
  const spoken = useSpokenText(text)
  if (!isQuiet) return null
  return (
    <p className="quiet-note">
      <Moon size={16} aria-hidden="true" />
      <span role="status">{spoken}</span>
    </p>
  )
}
