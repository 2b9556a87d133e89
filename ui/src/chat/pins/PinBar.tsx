import './pins.css'
import { ChevronUp, Pin, PinOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { errorCode } from '../../actions/apiCall'
import { fetchMessages } from '../../actions/messagerieAction'
import { useMessageTexts } from '../../i18n/message/texts'
import { useTranslation } from '../../i18n/useTranslation'
import { excerpt } from '../../lib/text'
import { PlainText } from '../../parts/PlainText'
import type { Conversation, Id, Message } from '../../protocol/resources'
import { FileSummary } from '../files/parts'
import { deletedText } from '../state/deletedText'
import { senderText } from '../state/senderText'

export interface PinBarProps {
  conversation: Conversation
  /** In the order in which they were pinned. */
  pinned: readonly Id[]
  /** The loaded ones of the conversation. */
  messages: readonly Message[]
  onShow: (conversationId: Id, messageId: Id) => void
  onUnpin: (messageId: Id, adds: false) => void
}

/** Above the messages: the one that was pinned last. A press leads to it; the others can be walked through. */
export function PinBar({ conversation, pinned, messages, onShow, onUnpin }: PinBarProps) {
  const t = useMessageTexts()
  const { t: general } = useTranslation()
  const [chosen, setChosen] = useState<Id | null>(null)
  const id = conversation.conversation_id
  const found = pinned.indexOf(chosen ?? 0)
  const index = found < 0 ? pinned.length - 1 : found
  const shown = pinned[index] ?? 0
  const message = usePinned(id, shown, messages)
  const place = pinned.length > 1 ? t('pins.place', { place: index + 1, count: pinned.length }) : t('pins.one')
  return (
    <section className="pins" aria-label={t('pins.list')}>
      <button type="button" className="pins-message" title={t('pins.show')} onClick={() => { onShow(id, shown) }}>
        <Pin size={18} aria-hidden="true" />
        <span className="pins-body">
          <strong>{place}</strong>
          <span className="pins-text" dir="auto">
            {message === 'loading' && t('pins.loading')}
            {message === 'gone' && t('pins.gone')}
            {typeof message === 'object' && (
              <>
                <bdi>{t('pins.said', { name: senderText(general, conversation, message.sender_id) })}</bdi> <Text message={message} />
              </>
            )}
          </span>
        </span>
      </button>
      {pinned.length > 1 && (
        <button
          type="button"
          className="icon-button"
          aria-label={t('pins.previous')}
          title={t('pins.previous')}
          onClick={() => { setChosen(pinned.at(index - 1) ?? null) }}
        >
          <ChevronUp size={20} aria-hidden="true" />
        </button>
      )}
      {conversation.can.pin && (
        <button type="button" className="icon-button" aria-label={t('action.unpin')} title={t('action.unpin')} onClick={() => { onUnpin(shown, false) }}>
          <PinOff size={18} aria-hidden="true" />
        </button>
      )}
    </section>
  )
}

function Text({ message }: { message: Message }) {
  const { t } = useTranslation()
  const { content, attachments = [] } = message
  if (message.deleted) return deletedText(t, message)
  return content === '' && attachments.length > 0 ? <FileSummary files={attachments} /> : <PlainText text={excerpt(content, 200)} />
}

/** A pinned message, which may be far above the loaded ones. */
function usePinned(conversationId: Id, id: Id, messages: readonly Message[]): Message | 'loading' | 'gone' {
  const loaded = messages.find((one) => one.id === id)
  const [fetched, setFetched] = useState<Record<Id, Message | 'gone'>>({})
  const isWanted = !loaded && fetched[id] === undefined
  useEffect(() => {
    if (!isWanted) return
    const abort = new AbortController()
    const put = (message: Message | 'gone') => {
      if (!abort.signal.aborted) setFetched((before) => ({ ...before, [id]: message }))
    }
    fetchMessages(conversationId, { after: id - 1, limit: 1, signal: abort.signal }).then(
      ([first]) => { put(first?.id === id ? first : 'gone') },
      // Without a link it is asked for again with the next change of the bar.
      (error: unknown) => { if (errorCode(error) !== 'network') put('gone') },
    )
    return () => { abort.abort() }
  }, [isWanted, conversationId, id])
  return loaded ?? fetched[id] ?? 'loading'
}
