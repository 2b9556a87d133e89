import { addLaterTexts } from '../../i18n/later'
import { useTranslation } from '../../i18n/useTranslation'
import type { Conversation, Id } from '../../protocol/resources'
import { placeOf } from '../state/contacts'
import { mayBeChanged } from '../state/outbox'
import type { Intent } from '../state/useIntent'
import { mentionsIn } from './mentionsIn'
import type { ComposerProps } from './composerProps'
import { EditComposer, type EditComposerProps } from './EditComposer'

addLaterTexts()

export type CorrectionProps = Omit<ComposerProps, 'intent'> & { intent: Extract<Intent, { kind: 'edit' | 'rewrite' }> }

/** In place of the composer: edits a stored message, or rewrites one that hasn't been sent. */
export function Correction({ intent, ...props }: CorrectionProps) {
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
  if (intent.kind === 'edit') {
    return correction(intent.messageId, intent.messageId, {
      isDue: !isGone && intent.isDue === true,
      onDue: (isDue) => {
        props.onDue(intent.messageId, isDue)
      },
    })
  }
  // A message that was sent while it was being rewritten is edited as a stored one.
  if (!unsent) return message ? correction(intent.clientId, message.id) : null
  return (
    <EditComposer
      key={unsent.clientId}
      place={{ ...place, of: unsent.clientId }}
      original={unsent.content}
      files={unsent.files}
      title={t('composer.rewriting')}
      saveLabel={t('composer.send')}
      epoch={epoch}
      isHeld={!mayBeChanged(unsent)}
      onSave={(content) => {
        props.onRewrite(unsent.clientId, content, mentionsLeft(unsent.mentions, content, conversation))
        return Promise.resolve()
      }}
      onEnd={onRest}
    />
  )
}

/** Those of an unsent message whose names are still in its text. A list names only some people of a large group: the others stay. */
function mentionsLeft(mentions: readonly Id[] = [], content: string, { participants }: Conversation): Id[] {
  const found = mentionsIn(content, participants, new Set(mentions))
  return mentions.filter((id) => found.includes(id) || !participants.some((person) => person.id === id))
}
