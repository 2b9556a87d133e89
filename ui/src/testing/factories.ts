import type { Abilities, ClassSummary, Conversation, Id, Me, Message, User } from '../protocol/resources'

/** Claire is the user of every test, conversation 7 is hers with Jérôme. */
export const claire: User = { id: 1, first_name: 'Claire', last_name: 'Martin', email: 'claire@exemple.fr', role: 'teacher' }
export const jerome: User = { id: 2, first_name: 'Jérôme', last_name: 'Lefèvre', email: '', role: 'parent' }
export const elodie: User = { id: 3, first_name: 'Élodie', last_name: 'Garçon', email: 'elodie@exemple.fr', role: 'staff' }

/** What somebody may do who has no particular rights. */
export const mayNothing: Abilities = { announce: false, mail: false, moderate: false, administer: false, urgent: false }

export function aMe(fields: Partial<Me> = {}): Me {
  return { ...claire, establishments: [{ id: 123, name: 'Collège Jean-Moulin', timezone: 'Europe/Paris' }], locale: 'fr', temporary_password: false, can: mayNothing, ...fields }
}

export function aClass(fields: Partial<ClassSummary> = {}): ClassSummary {
  return { id: 31, name: '5e B', level: '5e', year: '2026-2027', students: 24, teachers: 8, guardians: 41, ...fields }
}

/** From Jérôme unless said otherwise; a higher id is a minute later. */
export function aMessage(id: Id, fields: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id: 7,
    sender_id: jerome.id,
    content: `Message ${id}`,
    timestamp: new Date(Date.UTC(2026, 8, 1, 8, id % 600)).toISOString(),
    is_read: false,
    client_id: `c-${id}`,
    status: 'sent',
    reply_to: null,
    edited_at: null,
    edited_by: '',
    deleted: false,
    reactions: [],
    attachments: [],
    ...fields,
  }
}

/** A conversation with a message. */
export function aConversation(fields: Partial<Conversation> = {}): Conversation {
  const { conversation_id = 7, participants = [claire, jerome], last_message = aMessage(1, { conversation_id }) } = fields
  const isGroup = participants.length > 2
  return {
    conversation_id,
    participants,
    participant_count: participants.length,
    last_message,
    created_at: '2026-08-31T10:00:00.000Z',
    updated_at: last_message?.timestamp ?? '2026-08-31T10:00:00.000Z',
    unread_count: 0,
    kind: isGroup ? 'group' : 'direct',
    title: '',
    establishment_id: 123,
    muted: false,
    receipts: participants.map((user) => ({ user_id: user.id, last_read: 0, last_delivered: 0 })),
    managed_by: isGroup ? claire.id : 0,
    can: { rename: isGroup, add: isGroup, remove: isGroup, leave: isGroup },
    ...fields,
  }
}

/** Like PocketBase's tokens, but unsigned; `salt` distinguishes two tokens of one person. Without `device` it is like one of an earlier server. */
export function aToken(userId: Id, salt = '', device?: Id): string {
  const claims = { id: String(userId).padStart(16, '0'), salt, ...(device !== undefined && { device: String(device) }) }
  return `e30.${btoa(JSON.stringify(claims))}.signature`
}
