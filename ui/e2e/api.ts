import { emailOf, password } from './school'

interface Stored {
  id: string
}

/** Requests without a browser: writing as somebody, and PocketBase's API as a superuser. */
export class Api {
  private constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  static async asPerson(url: string, login: string): Promise<Api> {
    return Api.logIn(url, 'users', login)
  }

  /** PocketBase's own REST API, as the dashboard uses it. */
  static async asSuperuser(url: string): Promise<Api> {
    return Api.logIn(url, '_superusers', 'admin')
  }

  private static async logIn(url: string, collection: string, login: string): Promise<Api> {
    const api = new Api(url, '')
    const path = `/api/collections/${collection}/auth-with-password`
    const { token } = await api.call<{ token: string }>('POST', path, { identity: emailOf(login), password })
    return new Api(url, token)
  }

  send(conversationId: number, content: string): Promise<{ id: number }> {
    return this.call('POST', `/api/messagerie/messages/${conversationId}/`, { content })
  }

  edit(conversationId: number, messageId: number, content: string): Promise<unknown> {
    return this.call('PATCH', `/api/messagerie/messages/${conversationId}/${messageId}/`, { content })
  }

  rename(conversationId: number, title: string): Promise<unknown> {
    return this.call('PATCH', `/api/messagerie/conversations/${conversationId}/`, { title })
  }

  /** Deletes one's own message; its tombstone stays. */
  delete(conversationId: number, messageId: number): Promise<unknown> {
    return this.call('DELETE', `/api/messagerie/messages/${conversationId}/${messageId}/`)
  }

  react(conversationId: number, messageId: number, emoji: string): Promise<unknown> {
    return this.call('PUT', `/api/messagerie/messages/${conversationId}/${messageId}/reactions/${encodeURIComponent(emoji)}/`)
  }

  messages(conversationId: number, query = 'limit=200'): Promise<{ id: number; content: string; status: string; attachments?: { type: string; duration: number }[] }[]> {
    return this.call('GET', `/api/messagerie/messages/${conversationId}/?${query}`)
  }

  conversations(userId: number): Promise<{ conversation_id: number }[]> {
    return this.call('GET', `/api/messagerie/conversations/${userId}/?limit=200`)
  }

  /** Creates a direct conversation with one person, or a group with several. */
  converse(participants: number[], options: { title?: string } = {}): Promise<{ conversation_id: number }> {
    return this.call('POST', '/api/messagerie/conversations/create/', { participants, ...options })
  }

  /** Marks everything up to the newest message as read. */
  markAsRead(conversationId: number): Promise<unknown> {
    return this.call('POST', `/api/messagerie/conversations/${conversationId}/read/`, {})
  }

  /** Creates the codes of access letters, by a person of the administration. */
  accessCodes(establishmentId: number, whom: { users: number[] }): Promise<{ username: string; code: string }[]> {
    return this.call('POST', `/api/messagerie/access-codes/${establishmentId}/`, whom)
  }

  /** Changes the rules of an establishment, by a person of its administration; as is all that concerns them. */
  changeRules(establishmentId: number, change: Record<string, unknown>): Promise<unknown> {
    return this.call('PATCH', `/api/messagerie/rules/${establishmentId}/`, change)
  }

  /** Nobody of these roles can write until the pause is lifted. */
  pause(establishmentId: number, roles: string[], text: string): Promise<{ id: number }> {
    return this.call('POST', `/api/messagerie/pauses/${establishmentId}/`, { roles, text, until: null })
  }

  liftPause(establishmentId: number, pauseId: number): Promise<unknown> {
    return this.call('DELETE', `/api/messagerie/pauses/${establishmentId}/${pauseId}/`)
  }

  /** Adds a holiday; the days are such as 2026-12-19. */
  addClosure(establishmentId: number, closure: { name: string; first_day: string; last_day: string }): Promise<unknown> {
    return this.call('POST', `/api/messagerie/closures/${establishmentId}/`, closure)
  }

  /** Returns the only record that matches the filter. */
  async find(collection: string, filter: string): Promise<Stored> {
    const query = new URLSearchParams({ filter, perPage: '2' })
    const { items } = await this.call<{ items: Stored[] }>('GET', `/api/collections/${collection}/records?${query}`)
    const [item] = items
    if (!item || items.length > 1) throw new Error(`${items.length} records of ${collection} have ${filter}`)
    return item
  }

  create(collection: string, fields: Record<string, unknown>): Promise<Stored> {
    return this.call('POST', `/api/collections/${collection}/records`, fields)
  }

  change(collection: string, id: string, fields: Record<string, unknown>): Promise<Stored> {
    return this.call('PATCH', `/api/collections/${collection}/records/${id}`, fields)
  }

  /** Lets everybody of an establishment write to everybody else, for tests that aren't about the rules. */
  openContacts(establishment = '0000000000000001'): Promise<Stored> {
    return this.change('establishments', establishment, { contacts: 'open' })
  }

  remove(collection: string, id: string): Promise<unknown> {
    return this.call('DELETE', `/api/collections/${collection}/records/${id}`)
  }

  changeSettings(fields: Record<string, unknown>): Promise<unknown> {
    return this.call('PATCH', '/api/settings', fields)
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text ? JSON.parse(text) : null) as T
  }
}
