import { Pencil, Reply, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from '../i18n/useTranslation'
import type { Id, Message } from '../protocol'
import { MessageInput } from './MessageInput'
import { useDraft } from './useDraft'
import { useTypingSignal } from './useTypingSignal'
import type { WebSocketHandle } from './useWebSocket'

/** What the composer is for at the moment. */
export type Intent =
  | { kind: 'write' }
  | { kind: 'reply'; message: Message }
  | { kind: 'edit'; message: Message }

interface ComposerProps {
  userId: Id
  conversationId: Id
  name: string
  intent: Intent
  /** Whom one answers; null for oneself. */
  answered: string | null
  socket: WebSocketHandle
  onSend: (content: string, replyTo: Id | null) => void
  onEdit: (message: Message, content: string) => void
  onCancel: () => void
}

export function Composer({ intent, ...props }: ComposerProps) {
  return intent.kind === 'edit' ? (
    <EditComposer key={intent.message.id} message={intent.message} onEdit={props.onEdit} onCancel={props.onCancel} />
  ) : (
    <DraftComposer {...props} intent={intent} />
  )
}

function DraftComposer(props: Omit<ComposerProps, 'intent' | 'onEdit'> & { intent: Exclude<Intent, { kind: 'edit' }> }) {
  const { userId, conversationId, name, intent, answered, socket, onSend, onCancel } = props
  const { t } = useTranslation()
  const [draft, setDraft] = useDraft(userId, conversationId)
  const { typed, stopped } = useTypingSignal(conversationId, socket)
  const isReply = intent.kind === 'reply'
  return (
    <div className="composer">
      {isReply && (
        <ComposerContext
          icon={<Reply size={16} aria-hidden="true" />}
          title={answered === null ? t('composer.replyToOwn') : t('composer.replyTo', { name: answered })}
          text={intent.message.content}
          cancelLabel={t('composer.cancelReply')}
          onCancel={onCancel}
        />
      )}
      <MessageInput
        // A new answer takes the focus anew.
        key={isReply ? intent.message.id : 'write'}
        text={draft}
        label={t('composer.labelTo', { name })}
        sendLabel={t('composer.send')}
        takesFocus
        onChange={setDraft}
        onSend={(content) => {
          setDraft('')
          onSend(content, isReply ? intent.message.id : null)
        }}
        onTyping={typed}
        onStopTyping={stopped}
        {...(isReply ? { onCancel } : {})}
      />
    </div>
  )
}

interface EditComposerProps {
  message: Message
  onEdit: (message: Message, content: string) => void
  onCancel: () => void
}

/** Has a text of its own: the draft of the conversation waits untouched. */
function EditComposer({ message, onEdit, onCancel }: EditComposerProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(message.content)
  return (
    <div className="composer">
      <ComposerContext
        icon={<Pencil size={16} aria-hidden="true" />}
        title={t('composer.editing')}
        text={message.content}
        cancelLabel={t('composer.cancelEdit')}
        onCancel={onCancel}
      />
      <MessageInput
        text={text}
        label={t('composer.editing')}
        sendLabel={t('composer.save')}
        takesFocus
        onChange={setText}
        onSend={(content) => {
          if (content !== message.content) onEdit(message, content)
          onCancel()
        }}
        onCancel={onCancel}
      />
    </div>
  )
}

interface ComposerContextProps {
  icon: ReactNode
  title: string
  text: string
  cancelLabel: string
  onCancel: () => void
}

function ComposerContext({ icon, title, text, cancelLabel, onCancel }: ComposerContextProps) {
  return (
    <div className="composer-context">
      {icon}
      <span className="composer-context-body">
        <strong>{title}</strong>
        <span dir="auto">{text}</span>
      </span>
      <button type="button" className="icon-button is-small" aria-label={cancelLabel} title={cancelLabel} onClick={onCancel}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
