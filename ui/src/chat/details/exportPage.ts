import { i18n, type Language } from '../../i18n/i18n'
import { eventText } from '../../i18n/message/eventText'
import { messageTextsIn } from '../../i18n/message/texts'
import { fullName } from '../../i18n/personName'
import { formatDate, fullText, hourText, localeOf } from '../../i18n/time'
import { excerpt } from '../../lib/text'
import type { ConversationEvent } from '../../protocol/events'
import type { Message } from '../../protocol/resources'
import { deletedText } from '../state/deletedText'
import { senderText } from '../state/senderText'
import type { WholeConversation } from './wholeConversation'

const style = `
:root { color-scheme: light; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem; color: #1b1f2a; background: #fff; font: 1rem/1.45 system-ui, sans-serif; }
header { border-bottom: 2px solid #1b1f2a; margin-bottom: 1rem; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
h2 { margin: 1.5rem 0 .5rem; border-bottom: 1px solid #c6cbd6; font-size: 1rem; break-after: avoid; }
h3 { margin: 0; font-size: .95rem; break-after: avoid; }
header p, .note, time { color: #4a5162; font-size: .85rem; font-weight: normal; }
article { margin: 0 0 .9rem; }
.text, blockquote { margin: .1rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap; }
blockquote { padding-inline-start: .6rem; border-inline-start: 3px solid #c6cbd6; color: #4a5162; font-size: .9rem; }
.event { margin: 0 0 .9rem; text-align: center; }
ul { margin: .2rem 0 0; padding-inline-start: 1.2rem; }
@page { margin: 18mm; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } article { break-inside: avoid; } }
`

/** A conversation as one page without anything outside of it, to be read and printed. Everything in it is text: nothing is HTML, nothing runs. */
export function exportPage({ conversation, messages, events }: WholeConversation, name: string, language: Language, now = new Date()): string[] {
  const t = messageTextsIn(language)
  const general = i18n.textsIn(language)
  const day = new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const byId = new Map(messages.map((message) => [message.id, message]))
  const saidBy = ({ sender_id: sender }: Message) => senderText(general, conversation, sender)
  const said = (message: Message) => (message.deleted ? deletedText(general, message) : message.content)
  const title = t('export.page', { name })
  const names = conversation.participants.map(fullName).join(general('person.comma'))
  const count = messages.length === 0 ? t('export.none') : t('export.count', { count: messages.length })

  const quoteOf = (replyTo: number | null) => {
    if (replyTo === null) return ''
    const quoted = byId.get(replyTo)
    const text = quoted ? t('export.replyTo', { name: saidBy(quoted), text: excerpt(said(quoted), 200) }) : t('export.replyToUnknown')
    return `<blockquote dir="auto">${escaped(text)}</blockquote>`
  }
  const article = (message: Message) => {
    const date = new Date(message.timestamp)
    const isEdited = message.edited_at !== null && !message.deleted
    const notes = [
      ...(message.urgent && !message.deleted ? [general('message.urgent')] : []),
      ...(isEdited ? [general(message.edited_by === 'administration' ? 'message.editedByAdministration' : 'message.edited')] : []),
    ]
    const files = message.deleted ? [] : (message.attachments ?? [])
    return [
      `<article id="m${message.id}"><h3><bdi>${escaped(saidBy(message))}</bdi> <time datetime="${escaped(message.timestamp)}">${escaped([hourText(language, date), ...notes].join(' · '))}</time></h3>`,
      quoteOf(message.reply_to),
      said(message) ? `<p class="text${message.deleted ? ' note' : ''}" dir="auto">${escaped(said(message))}</p>` : '',
      files.length > 0 ? `<ul>${files.map((file) => `<li dir="auto">${escaped(t('export.file', { name: file.name }))}</li>`).join('')}</ul>` : '',
      '</article>\n',
    ].join('')
  }

  const line = (event: ConversationEvent) =>
    `<p class="note event" dir="auto">${escaped(eventText(language, event, null) ?? '')} <time datetime="${escaped(event.timestamp)}">${escaped(hourText(language, new Date(event.timestamp)))}</time></p>\n`

  const parts = [
    `<!doctype html>\n<html lang="${language}" dir="${i18n.dir(language)}">\n<head>\n<meta charset="utf-8">\n`,
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">\n',
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escaped(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n`,
    `<header>\n<h1 dir="auto">${escaped(title)}</h1>\n<p>${escaped(t('export.people', { names }))}</p>\n<p>${escaped(t('export.made', { when: fullText(language, now) }))} · ${escaped(count)}</p>\n</header>\n<main>\n`,
  ]
  let lastDay = ''
  for (const one of [...messages, ...events].sort((a, b) => a.id - b.id)) {
    const thisDay = formatDate(language, day, new Date(one.timestamp))
    if (thisDay !== lastDay) parts.push(`<h2>${escaped(thisDay)}</h2>\n`)
    lastDay = thisDay
    parts.push('kind' in one ? line(one) : article(one))
  }
  return [...parts, '</main>\n</body>\n</html>\n']
}

/** The name of the file: letters and digits of the conversation's name, and the day. */
export function exportName(name: string, now = new Date()): string {
  const words = name.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
  return `${['conversation', ...words].join('-').slice(0, 80)}-${day}.html`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Also without characters that turn the direction of what follows, or end the page. */
function escaped(text: string): string {
  return text.replace(/[\u202a-\u202e]|[^\P{Cc}\n\t]/gu, '').replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
