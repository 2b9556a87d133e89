import { useEffect } from 'react'
import { lazily } from '../lib/lazily'
import type { Conversation, Id } from '../protocol/resources'
import { Composer, Correction } from './composer/Composer'
import { SendMenu } from './scheduled/SendMenu'
import type { Outgoing } from './state/chatState'
import { placeOf } from './state/contacts'
import { mayBeChanged } from './state/outbox'
import type { Thread } from './state/thread'
import { type Intent, isCorrecting } from './state/useIntent'
import { writingRefusal, zoneOf } from './state/writing'
import type { Chat } from './useChat'

const QuietNote = lazily(() => import('./scheduled/QuietNote').then((module) => module.QuietNote))

interface PaneComposerProps {
  chat: Chat
  conversation: Conversation
  name: string
  thread: Thread | undefined
  /** Its messages that the server hasn't confirmed yet. */
  outgoing: Outgoing[]
  intent: Intent
  onIntent: (intent: Intent) => void
  onCopy: (text: string) => void
}

/** The composer of the open conversation, with the message that is replied to or edited. */
export function PaneComposer({ chat, conversation, name, thread, outgoing, intent, onIntent, onCopy }: PaneComposerProps) {
  const { userId, link } = chat.state
  const { me } = chat
  const { conversation_id: id, quiet_until: quietUntil } = conversation
  usePreloadedCorrection(thread ? thread.load.status !== 'loading' : id === 0)
  const zone = zoneOf(conversation, me)
  const aboutId = intent.kind === 'reply' || intent.kind === 'edit' ? intent.messageId : null
  const rewrittenId = intent.kind === 'rewrite' ? intent.clientId : null
  const about = thread?.messages.find(
    (message) => message.id === aboutId || (message.client_id === rewrittenId && message.sender_id === userId),
  )
  const rest = () => {
    onIntent({ kind: 'write' })
  }
  return (
    <Composer
      userId={userId}
      conversation={conversation}
      name={name}
      intent={intent}
      message={about}
      isGone={about?.deleted ?? (aboutId !== null && thread?.gone.includes(aboutId) === true)}
      unsent={outgoing.find((one) => one.clientId === rewrittenId)}
      refusal={writingRefusal(conversation, outgoing, userId, me)}
      me={me}
      zone={zone}
      note={quietUntil && <QuietNote until={quietUntil} zone={zone} />}
      // An older server would send it at once.
      menu={
        conversation.can_write && <SendMenu zone={zone} quietUntil={quietUntil} mayBeUrgent={Boolean(quietUntil) && me?.can?.urgent === true} />
      }
      onCopy={onCopy}
      epoch={link.status === 'open' ? link.epoch : 0}
      socket={chat.socket}
      onSend={(content, replyTo, options) => {
        chat.send(placeOf(conversation), content, replyTo, options)
        // The new message is at the end, so that is shown.
        if (thread && thread.newer.status !== 'end') chat.loadLatest(id)
        rest()
      }}
      onEdit={(messageId, content) => chat.edit({ id: messageId, conversation_id: id }, content)}
      onDue={(messageId, isDue) => {
        // The edit may have been cancelled before the response.
        if (isCorrecting(userId, id, messageId)) onIntent({ kind: 'edit', messageId, isDue })
      }}
      onRewrite={chat.rewrite}
      onEditLast={() => {
        const last = correctionOfLast(userId, thread, outgoing)
        if (last) onIntent(last)
      }}
      onRest={rest}
    />
  )
}

/**
 * What is typed right after choosing to edit would be lost while this is fetched: so it is, with its texts, as soon as
 * the messages are painted, and not before them.
 */
function usePreloadedCorrection(isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return
    let timer: number | undefined
    const frame = requestAnimationFrame(() => {
      timer = window.setTimeout(() => void Correction.preload())
    })
    return () => {
      cancelAnimationFrame(frame)
      window.clearTimeout(timer)
    }
  }, [isShown])
}

/** The intent to edit one's last message, unless it is being sent or isn't loaded. */
function correctionOfLast(userId: Id, thread: Thread | undefined, outgoing: Outgoing[]): Intent | null {
  const unsent = outgoing.at(-1)
  if (unsent) return mayBeChanged(unsent) ? { kind: 'rewrite', clientId: unsent.clientId } : null
  if (thread?.newer.status !== 'end') return null
  const stored = thread.messages.findLast((message) => message.sender_id === userId && !message.deleted)
  return stored ? { kind: 'edit', messageId: stored.id } : null
}
