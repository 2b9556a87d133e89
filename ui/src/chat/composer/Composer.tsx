import { Reply } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from '../../i18n/useTranslation'
import { lazily } from '../../lib/lazily'
import { conversationIn } from '../../lib/place'
import { usualFiles } from '../../protocol/files'
import type { Id } from '../../protocol/resources'
import { Recorder } from '../files/parts'
import { placeOf } from '../state/contacts'
import { EmojiButton } from '../emoji/EmojiButton'
import { deletedText } from '../state/deletedText'
import { senderText } from '../state/senderText'
import { useDraft } from '../state/useDraft'
import { AttachButton } from './AttachButton'
import { ComposerContext } from './ComposerContext'
import type { ComposerProps } from './composerProps'
import { MessageInput } from './MessageInput'
import { RecordButton } from './RecordButton'
import { useDraftFiles } from './useDraftFiles'
import { useMentions } from './useMentions'
import { useTypingSignal } from './useTypingSignal'

export const CannotWrite = lazily(() => import('./CannotWrite').then((module) => module.CannotWrite))
/** Most messages are written and stay as they are. */
export const Correction = lazily(() => import('./Correction').then((module) => module.Correction))

export function Composer({ intent, ...props }: ComposerProps) {
  const { userId, conversation, message, unsent } = props
  const place = { userId, place: placeOf(conversation) }
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
  if (intent.kind === 'edit' || (intent.kind === 'rewrite' && (unsent ?? message))) return <Correction {...props} intent={intent} />
  if (props.refusal) return cannotWrite
  return <DraftComposer {...props} replyTo={intent.kind === 'reply' ? intent.messageId : null} />
}

function DraftComposer(props: Omit<ComposerProps, 'intent'> & { replyTo: Id | null }) {
  const { userId, conversation, name, message, replyTo, socket, onSend, onRest } = props
  const { t } = useTranslation()
  const place = placeOf(conversation)
  const [draft, setDraft] = useDraft({ userId, place })
  const composer = useRef<HTMLDivElement>(null)
  // An older server takes no files, or doesn't say which.
  const mayAttach = !conversation.last_message || conversation.last_message.attachments !== undefined
  const limits = props.me?.attachments ?? usualFiles
  const taken = mayAttach && limits.types.length > 0 ? limits : null
  const files = useDraftFiles({ userId, place, composer, taken })
  const [isRecording, setIsRecording] = useState(false)
  const mentions = useMentions(userId, conversation, draft, composer)
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
      {files.parts}
      {mentions.list}
      {isRecording ? (
        <Recorder
          userId={userId}
          place={place}
          onSend={(file) => {
            onSend('', replyTo, { files: [file] })
          }}
          onEnd={() => {
            setIsRecording(false)
          }}
        />
      ) : (
        <MessageInput
          // Each reply focuses the field again.
          key={replyTo ?? 'write'}
          text={draft}
          label={t('composer.labelTo', { name })}
          sendLabel={t('composer.send')}
          takesFocus
          onChange={setDraft}
          menu={props.menu}
          start={
            <>
              {taken && <AttachButton types={taken.types} onFiles={files.add} />}
              <EmojiButton userId={userId} />
            </>
          }
          record={taken?.types.includes('audio') && <RecordButton onRecord={() => { setIsRecording(true) }} />}
          hasFiles={files.hasFiles}
          isHeld={files.isPreparing}
          {...(taken ? { onFiles: files.add } : {})}
          onSend={(content, options) => {
            setDraft('')
            onSend(content, replyTo, { ...options, ...files.take(), ...mentions.in(content) })
          }}
          onTyping={typed}
          onStopTyping={stopped}
          {...(replyTo === null ? { onArrowUp: props.onEditLast } : { onCancel: onRest })}
        />
      )}
    </div>
  )
}
