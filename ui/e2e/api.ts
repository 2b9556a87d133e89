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

  /** Deletes one's own message; its tombstone stays. */
  delete(conversationId: number, messageId: number): Promise<unknown> {
    return this.call('DELETE', `/api/messagerie/messages/${conversationId}/${messageId}/`)
  }

  messages(conversationId: number, query = 'limit=200'): Promise<{ id: number; content: string; status: string }[]> {
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
