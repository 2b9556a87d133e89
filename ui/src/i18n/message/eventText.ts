import { directionOf } from '../../lib/direction'
import { type ConversationEvent, type EventKind, eventKinds } from '../../protocol/events'
import type { Id } from '../../protocol/resources'
import { listFormat } from '../formats'
import { i18n, type Language } from '../i18n'
import { fullName } from '../personName'
import { messageTextsIn } from './texts'

/** More would hide the messages. */
const mostNamed = 3

/** What happened in a group, as a sentence for somebody, or for whoever reads it (null); null if this version doesn't know it. */
export function eventText(language: Language, event: ConversationEvent, userId: Id | null): string | null {
  const t = messageTextsIn(language)
  const { cause, title, count } = event
  const kind = eventKinds.find((one): one is EventKind => one === event.kind)
  const isOwn = userId !== null && event.actor?.id === userId
  const isByClass = cause === 'class'
  const actor = event.actor ? isolated(language, fullName(event.actor)) : t(cause === 'administration' ? 'event.administration' : isByClass ? 'event.class' : 'event.somebody')
  const names = namesOf(language, event)
  switch (kind) {
    case undefined:
      return null
    case 'created':
      return isOwn ? t('event.createdByYou') : t('event.created', { actor })
    case 'renamed':
      if (!title) return isOwn ? t('event.unnamedByYou') : t('event.unnamed', { actor })
      return isOwn ? t('event.renamedByYou', { title: isolated(language, title) }) : t('event.renamed', { actor, title: isolated(language, title) })
    case 'added':
      return isOwn ? t('event.addedByYou', { names }) : t('event.added', { actor, names })
    case 'removed':
      return isOwn ? t('event.removedByYou', { names }) : t('event.removed', { actor, names })
    case 'joined':
      return t(isByClass ? 'event.joinedClass' : 'event.joined', { count, names })
    case 'left':
      return t(isByClass ? 'event.leftClass' : 'event.left', { count, names })
  }
}

function namesOf(language: Language, { people, count }: ConversationEvent): string {
  const shown = people.slice(0, count > mostNamed + 1 ? mostNamed : mostNamed + 1)
  const names = shown.map((person) => isolated(language, fullName(person)))
  const others = count - shown.length
  return listFormat(language).format(others > 0 ? [...names, messageTextsIn(language)('event.others', { count: others })] : names)
}

/** A name in letters of the other direction would change the order of the words around it. */
function isolated(language: Language, text: string): string {
  const direction = directionOf(text)
  return direction === null || direction === i18n.dir(language) ? text : `\u2068${text}\u2069`
}
