import './mentions.css'
import { type RefObject, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react'
import { fetchWholeConversation } from '../../actions/messagerieAction'
import { useMessageTexts } from '../../i18n/message/texts'
import { fullName } from '../../i18n/personName'
import { insertText } from '../../lib/insertText'
import { isComposing } from '../../lib/isComposing'
import { Avatar } from '../../parts/Avatar'
import { PersonDescription } from '../../parts/PersonDetail'
import type { Conversation, Id, User } from '../../protocol/resources'
import { isWhole } from '../state/conversations'
import { type Asked, askedAt, type MentionsIn, mentionsIn, offered } from './mentionsIn'

export interface MentionsProps {
  userId: Id
  conversation: Conversation
  composer: RefObject<HTMLElement | null>
  /** Says whom a text mentions, as long as this is shown. */
  knownRef: RefObject<MentionsIn | null>
}

const none: User[] = []

/**
 * The people of a group, to be chosen while "@" and their name are typed: arrows move, Enter and Tab choose, Escape
 * closes. The field keeps the focus; which one is active is said by its attributes.
 */
export function Mentions({ userId, conversation, composer, knownRef }: MentionsProps) {
  const t = useMessageTexts()
  const listId = useId()
  const people = usePeople(userId, conversation)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const chosen = useRef(new Set<Id>())
  const start = asked?.start ?? null
  const query = asked?.query ?? ''
  const options = useMemo(() => (start === null || start === closedAt ? none : offered(query, people)), [start, query, closedAt, people])
  const index = Math.min(active, options.length - 1)

  useEffect(() => {
    knownRef.current = (content) => mentionsIn(content, people, chosen.current)
    return () => {
      knownRef.current = null
    }
  }, [knownRef, people])

  const look = useEffectEvent((field: HTMLTextAreaElement) => {
    const isHere = document.activeElement === field && field.selectionStart === field.selectionEnd
    const next = isHere ? askedAt(field.value, field.selectionStart) : null
    if (next?.start === start && (next?.query ?? '') === query) return
    if (next?.start !== start) setClosedAt(null)
    setAsked(next)
    setActive(0)
  })
  const choose = (person: User | undefined) => {
    const field = fieldIn(composer)
    if (!field || !asked || !person) return
    chosen.current.add(person.id)
    field.focus()
    insertText(field, `@${fullName(person)} `, asked.start)
  }
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (options.length === 0 || isComposing(event)) return
    const steps: Record<string, () => void> = {
      ArrowDown: () => { setActive((index + 1) % options.length) },
      ArrowUp: () => { setActive((index + options.length - 1) % options.length) },
      Enter: () => { choose(options[index]) },
      Tab: () => { choose(options[index]) },
      Escape: () => { setClosedAt(start) },
    }
    const step = event.shiftKey ? undefined : steps[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    step()
  })
  useEffect(() => {
    const field = fieldIn(composer)
    if (!field) return
    const listening = new AbortController()
    const { signal } = listening
    const onLook = () => { look(field) }
    onLook()
    field.addEventListener('keydown', press, { signal })
    for (const name of ['input', 'blur', 'focus']) field.addEventListener(name, onLook, { signal })
    document.addEventListener('selectionchange', onLook, { signal })
    return () => {
      listening.abort()
    }
  }, [composer])

  const activeId = options.length > 0 ? `${listId}-${options[index]?.id}` : null
  useEffect(() => {
    const field = fieldIn(composer)
    if (!field || activeId === null) return
    const attributes = { 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': listId, 'aria-activedescendant': activeId }
    for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value)
    document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
    return () => {
      for (const name of Object.keys(attributes)) field.removeAttribute(name)
    }
  }, [composer, listId, activeId])

  return (
    <div className="mentions">
      {options.length > 0 && (
        <ul id={listId} role="listbox" aria-label={t('mention.list')}>
          {options.map((person, place) => (
            // The keys are those of the field.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={person.id}
              id={`${listId}-${person.id}`}
              role="option"
              aria-selected={place === index}
              // The field keeps the focus, so that a phone's keyboard stays open.
              onPointerDown={(event) => { event.preventDefault() }}
              onClick={() => { choose(person) }}
            >
              <Avatar id={person.id} name={fullName(person)} size="small" />
              <span className="conversation-body">
                <span className="conversation-name" dir="auto">{fullName(person)}</span>
                <span className="conversation-role"><PersonDescription person={person} /></span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <span role="status" className="visually-hidden">
        {options.length > 0 && t('mention.count', { count: options.length })}
      </span>
    </div>
  )
}

/** Everybody else in it; a list names only some people of a large group. */
function usePeople(userId: Id, conversation: Conversation): User[] {
  const [whole, setWhole] = useState<User[] | null>(null)
  const { conversation_id: id, participants } = conversation
  const isNamed = isWhole(conversation)
  useEffect(() => {
    if (isNamed) return
    const abort = new AbortController()
    fetchWholeConversation(userId, id, { signal: abort.signal }).then(
      (all) => { setWhole(all.participants) },
      // Those who are named can be mentioned.
      () => undefined,
    )
    return () => {
      abort.abort()
    }
  }, [isNamed, userId, id])
  return useMemo(() => (isNamed ? participants : (whole ?? participants)).filter((person) => person.id !== userId), [isNamed, participants, whole, userId])
}

function fieldIn(composer: RefObject<HTMLElement | null>): HTMLTextAreaElement | null {
  return composer.current?.querySelector('textarea') ?? null
}
