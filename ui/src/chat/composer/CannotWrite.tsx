import { CalendarClock, Lock, UserRoundX } from 'lucide-react'
import { type RefObject, useEffect, useRef } from 'react'
import type { TFunction } from 'i18next'
import type { Language } from '../../i18n/i18n'
import { addLaterTexts } from '../../i18n/later'
import { whenText } from '../../i18n/schedule/whenText'
import { useTranslation } from '../../i18n/useTranslation'
import { useSpokenText } from '../../lib/useSpokenText'
import { UnsentTexts } from '../../parts/UnsentTexts'
import type { Me } from '../../protocol/resources'
import { type DraftPlace, useDraft } from '../state/useDraft'

addLaterTexts()

export interface CannotWriteProps {
  place: DraftPlace
  /** A message that was being changed, whose text is kept as well. */
  edited: DraftPlace['of']
  /** The code of the reason. */
  code: string
  /** Whom the conversation is with. */
  name: string
  me: Me | null
  zone: string | undefined
  onCopy: (text: string) => void
}

const icons: Record<string, typeof Lock> = { recipient_gone: UserRoundX, paused: CalendarClock }

/** In place of the composer: why one can't write. What was written stays, and can be copied. */
export function CannotWrite({ place, edited, code, name, me, zone, onCopy }: CannotWriteProps) {
  const { t, i18n } = useTranslation()
  const [draft, setDraft] = useDraft(place)
  const [edit, setEdit] = useDraft({ ...place, of: edited ?? 'none' })
  const text = reasonText(t, i18n.language as Language, { code, name, me, zone })
  const texts = [
    { key: 'draft', content: draft, discard: () => { setDraft('') } },
    ...(edited === undefined ? [] : [{ key: 'edit', content: edit, discard: () => { setEdit('') } }]),
  ].filter(({ content }) => content.trim() !== '')
  const whole = [text, texts.length > 0 && code !== 'recipient_gone' && t('cannotWrite.kept')].filter(Boolean).join(' ')
  const Icon = icons[code] ?? Lock
  const note = useRef<HTMLDivElement>(null)
  useFocusLeft(note)
  return (
    <div className="composer cannot-write">
      <div ref={note} className="cannot-write-note" tabIndex={-1} role="status">
        <Icon size={18} aria-hidden="true" />
        <p>{useSpokenText(whole)}</p>
      </div>
      {texts.length > 0 && <UnsentTexts texts={texts} onCopy={onCopy} />}
    </div>
  )
}

/** The field that had the focus was removed. */
function useFocusLeft(note: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === document.body) note.current?.focus({ preventScroll: true })
  }, [note])
}

function reasonText(t: TFunction, language: Language, { code, name, me, zone }: Pick<CannotWriteProps, 'code' | 'name' | 'me' | 'zone'>): string {
  switch (code) {
    case 'recipient_gone':
      return t('chat.recipientGone')
    case 'paused': {
      const until = me?.pause?.until
      return until ? t('cannotWrite.pausedUntil', { when: whenText(language, until, zone) }) : t('cannotWrite.paused')
    }
    case 'contact_not_allowed':
    case 'sanctioned':
    case 'not_in_establishment':
      return t(`cannotWrite.${code}`)
    case 'staff_only':
      return `${t('cannotWrite.staff_only')} ${t('cannotWrite.staffHint')}`
    case 'reply_only':
    case 'blocked':
      return t(`cannotWrite.${code}`, { name })
    default:
      return t('cannotWrite.unknown')
  }
}
