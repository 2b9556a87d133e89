import { Reply } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import { conversationIn } from '../../lib/place'
import type { Conversation, Id, Me, Message } from '../../protocol/resources'
import type { WebSocketHandle } from '../socket/useWebSocket'
import type { Outgoing } from '../state/chatState'
import { placeOf } from '../state/contacts'
import { deletedText } from '../state/deletedText'
import { mayBeChanged } from '../state/outbox'
import { senderText } from '../state/senderText'
import type { SendOptions } from '../state/sending'
import { useDraft } from '../state/useDraft'
import type { Intent } from '../state/useIntent'
import { AttachButton } from './AttachButton'
import { ComposerContext } from './ComposerContext'
import type { EditComposerProps } from './EditComposer'
import { MessageInput } from './MessageInput'
import { useDraftFiles } from './useDraftFiles'
import { useTypingSignal } from './useTypingSignal'

export const CannotWrite = lazily(() => import('./CannotWrite').then((module) => module.CannotWrite))
/** Most messages are written and stay as they are. */
export const EditComposer = lazily(() => import('./EditComposer').then((module) => module.EditComposer))

interface ComposerProps {
  userId: Id
  conversation: Conversation
  name: string
  intent: Intent
  /** The message that the intent is about, if it is loaded. */
  message: Message | undefined
  /** It was deleted; also set if it isn't loaded. */
  isGone: boolean
  /** The unconfirmed message that is being rewritten. */
  unsent: Outgoing | undefined
  /** The code of why nothing can be sent; '' if it can. */
  refusal: string
  me: Me | null
  zone: string | undefined
  /** Above the field, and beside its button. */
  note?: ReactNode
  menu?: ReactNode
  onCopy: (text: string) => void
  /** Of the open link, 0 if there is none. */
  epoch: number
  socket: WebSocketHandle
  onSend: (content: string, replyTo: Id | null, options?: SendOptions) => void
  /** Rejects with an ApiError if it is refused. */
  onEdit: (messageId: Id, content: string) => Promise<void>
  /** Whether the edit is to be saved over the next link, because only this one failed. */
  onDue: (messageId: Id, isDue: boolean) => void
  onRewrite: (clientId: string, content: string) => void
  onEditLast: () => void
  /** Back to writing a message. */
  onRest: () => void
}

export function Composer({ intent, ...props }: ComposerProps) {
  const { t } = useTranslation()
  const { userId, conversation, message, isGone, unsent, epoch, onRest } = props
  const place = { userId, place: placeOf(conversation) }
  const correction = (of: Id | string, messageId: Id, due: Pick<EditComposerProps, 'isDue' | 'onDue'> = {}) => (
    <EditComposer
      // After a reload the message is loaded later: its text is put into the field then.
      key={message ? of : 'unloaded'}
      place={{ ...place, of }}
      original={message?.content ?? ''}
      files={message?.attachments}
      title={t(isGone ? 'composer.editingDeleted' : 'composer.editing')}
      epoch={isGone ? 0 : epoch}
      {...(isGone ? { saveLabel: t('composer.sendAsNew') } : {})}
      {...due}
      onSave={async (content) => {
        if (isGone) props.onSend(content, null)
        else if (content !== message?.content) await props.onEdit(messageId, content)
      }}
      onEnd={onRest}
    />
  )
  const cannotWrite = (
    <CannotWrite
      place={place}
      edited={intent.kind === 'edit' ? intent.messageId : undefined}
      code={props.refusal}
      name={props.name}
      me={props.me}
      zone={props.zone}
      onCopy={props.onCopy}
    />
  )
  // An edit is refused as well. It stays on this device, for when it is allowed again.
  if (conversation.can_write === false) return cannotWrite
  switch (intent.kind) {
    case 'edit':
      return correction(intent.messageId, intent.messageId, {
        isDue: !isGone && intent.isDue === true,
        onDue: (isDue) => {
          props.onDue(intent.messageId, isDue)
        },
      })
    case 'rewrite':
      // A message that was sent while it was being rewritten is edited as a stored one.
      if (!unsent) {
        if (message) return correction(intent.clientId, message.id)
        break
      }
      return (
        <EditComposer
          key={unsent.clientId}
          place={{ ...place, of: unsent.clientId }}
          original={unsent.content}
          title={t('composer.rewriting')}
          saveLabel={t('composer.send')}
          epoch={epoch}
          isHeld={!mayBeChanged(unsent)}
          files={unsent.files}
          onSave={(content) => {
            props.onRewrite(unsent.clientId, content)
            return Promise.resolve()
          }}
          onEnd={onRest}
        />
      )
  }
  if (props.refusal) return cannotWrite
  return <DraftComposer {...props} replyTo={intent.kind === 'reply' ? intent.messageId : null} />
}

function DraftComposer(props: Omit<ComposerProps, 'intent'> & { replyTo: Id | null }) {
  const { userId, conversation, name, message, replyTo, socket, onSend, onRest } = props
  const { t } = useTranslation()
  const place = placeOf(conversation)
  const [draft, setDraft] = useDraft({ userId, place })
  const composer = useRef<HTMLDivElement>(null)
  const files = useDraftFiles(userId, place, composer)
  // An older server takes none.
  const mayAttach = !conversation.last_message || conversation.last_message.attachments !== undefined
  const { typed, stopped } = useTypingSignal(conversationIn(place), socket)
  return (
    <div ref={composer} className="composer">
      {replyTo !== null && (
        <ComposerContext
          icon={<Reply size={16} aria-hidden="true" />}
          title={
            message?.sender_id === userId
              ? t('composer.replyToOwn')
              : message
                ? t('composer.replyTo', { name: senderText(t, conversation, message.sender_id) })
                : t('message.quoteUnknown')
          }
          text={message?.deleted ? deletedText(t, message) : (message?.content ?? '')}
          files={message?.attachments}
          cancelLabel={t('composer.cancelReply')}
          onCancel={onRest}
        />
      )}
      {props.note}
      {mayAttach && files.parts}
      <MessageInput
        // Each reply focuses the field again.
        key={replyTo ?? 'write'}
        text={draft}
        label={t('composer.labelTo', { name })}
        sendLabel={t('composer.send')}
        takesFocus
        onChange={setDraft}
        menu={props.menu}
        start={mayAttach && <AttachButton onFiles={files.add} />}
        hasFiles={files.hasFiles}
        isHeld={files.isPreparing}
        {...(mayAttach ? { onFiles: files.add } : {})}
        onSend={(content, options) => {
          setDraft('')
          onSend(content, replyTo, { ...options, ...files.take() })
        }}
        onTyping={typed}
        onStopTyping={stopped}
        {...(replyTo === null ? { onArrowUp: props.onEditLast } : { onCancel: onRest })}
      />
    </div>
  )
}
