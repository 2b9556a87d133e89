import { act } from '@testing-library/react'
import type { ClientFrame, ServerFrame } from '../protocol/frames'
import type { Conversation, Id } from '../protocol/resources'
import { type MockAnswer, mockFetch, type MockRequest } from './mockFetch'
import { MockSocket } from './mockSocket'
import { type ModelSchool, viewer } from './modelSchool'

interface Request {
  made: MockRequest
  /** Set once the server has read the response's data. */
  answer: MockAnswer | null
  arrive: (answer: MockAnswer) => void
  fail: (error: Error) => void
}

/** A frame, or a list, null until it has been read. */
type Queued = { frame: ServerFrame; list?: undefined } | { list: ServerFrame | null; frame?: undefined }

/** Small, so that few conversations and messages fill several pages. */
const lengths = { list: 3, listPage: 6, page: 6 }

/**
 * The network between a client and the school: requests are handled at any later time, in any order;
 * frames of one socket keep theirs. A list is read after all earlier announcements; those made while
 * it is read are sent after it, as hooks/chat does.
 */
export class ModelServer {
  private requests: Request[] = []
  private queue: Queued[] = []
  private isListDue = false
  private isConnected = false
  private received = 0

  constructor(private readonly school: ModelSchool) {
    school.announce = (frame) => {
      if (!this.isConnected) return
      if (frame) this.queue.push({ frame })
      else this.isListDue = true
    }
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) mockFetch.on(method, /./, (request) => this.take(request))
  }

  get isQuiet(): boolean {
    return this.requests.length === 0 && this.queue.length === 0 && !this.isListDue && this.received === MockSocket.last.sent.length
  }

  connect(): void {
    if (this.isConnected || MockSocket.last.readyState !== MockSocket.CONNECTING) return
    this.isConnected = true
    this.isListDue = false
    this.received = 0
    this.queue = [{ list: null }]
    MockSocket.last.open()
  }

  /** Cuts the link: frames from the client have arrived, or are lost with it; frames to the client are lost. */
  cut({ loses }: { loses: boolean }): void {
    if (!this.isConnected) return
    if (!loses) this.receive()
    this.isConnected = false
    this.queue = []
    MockSocket.last.closeWith(1006)
  }

  beginList(): void {
    if (!this.isConnected || !this.isListDue) return
    this.isListDue = false
    this.queue.push({ list: null })
  }

  readList(): void {
    const begun = this.queue.find((one) => one.list === null)
    if (!begun) return
    const all = this.school.list()
    begun.list = { type: 'conversations_list', conversations: all.slice(0, lengths.list), complete: all.length <= lengths.list }
  }

  /** Lets this many frames arrive, up to a list that is being read. */
  send(count: number): void {
    for (let sent = 0; sent < count; sent++) {
      const [first] = this.queue
      const frame = first?.frame ?? first?.list
      if (!frame) return
      this.queue.shift()
      MockSocket.last.receive(frame)
    }
  }

  /** Handles the frames that the client has sent. */
  receive(): void {
    if (!this.isConnected) return
    const sent = MockSocket.last.sent.slice(this.received)
    this.received += sent.length
    for (const frame of sent) this.work(frame)
  }

  /** Reads the data for one of the pending requests; the response arrives later. */
  read(index: number): void {
    const request = this.pick(index)
    if (request) request.answer ??= this.answer(request.made)
  }

  async arrive(index: number): Promise<void> {
    const request = this.pick(index)
    if (!request) return
    this.requests = this.requests.filter((one) => one !== request)
    request.arrive(request.answer ?? this.answer(request.made))
    await settle()
  }

  /** Loses a response; the request may have been carried out. */
  async fail(index: number): Promise<void> {
    const request = this.pick(index)
    if (!request) return
    this.requests = this.requests.filter((one) => one !== request)
    request.fail(new TypeError('no network'))
    await settle()
  }

  private pick(index: number): Request | undefined {
    return this.requests[index % Math.max(1, this.requests.length)]
  }

  private take(made: MockRequest): Promise<MockAnswer> {
    return new Promise((arrive, fail) => {
      const request: Request = { made, answer: null, arrive, fail }
      this.requests.push(request)
      made.signal?.addEventListener('abort', () => {
        this.requests = this.requests.filter((one) => one !== request)
      })
    })
  }

  private work(frame: ClientFrame): void {
    const id = 'conversation_id' in frame ? frame.conversation_id : 0
    const conversation = this.school.conversations.get(id)
    switch (frame.type) {
      case 'ping':
        this.queue.push({ frame: { type: 'pong' } })
        break
      case 'mark_as_read':
        if (conversation) this.school.read(conversation, viewer, frame.message_id ?? Infinity)
        break
      case 'chat_message': {
        const stored = conversation && this.school.send(conversation, viewer, frame.message, frame.client_id)
        const client_id = frame.client_id ?? ''
        if (!stored) this.queue.push({ frame: { type: 'error', code: 'not_participant', message: '', conversation_id: id, client_id } })
      }
    }
  }

  private answer({ method, url, body }: MockRequest): MockAnswer {
    const path = url.pathname.split('/').filter(Boolean).slice(2)
    const [resource, first, second] = [path[0], Number(path[1]), Number(path[2])]
    if (resource === 'me') return { body: {} }
    if (resource === 'messages') return path[3] === 'reactions' ? this.answerReaction(method, first, second) : this.answerMessages(method, first, second, url.searchParams)
    if (path.length === 2 && method === 'GET') return this.answerList(url.searchParams)
    const id = method === 'GET' ? second : first
    const conversation = this.school.conversations.get(id)
    if (!conversation?.members.has(viewer)) return refused
    const { participants = [], ...change } = (body ?? {}) as { participants?: Id[]; title?: string; muted?: boolean }
    if (method === 'PATCH') this.school.change(conversation, change)
    if (method === 'DELETE') {
      for (const userId of participants) this.school.leave(conversation, userId)
      return { status: 204 }
    }
    if (method === 'POST') for (const userId of participants) this.school.join(conversation, userId)
    return { body: this.school.conversationView(conversation) }
  }

  private answerList(query: URLSearchParams): MockAnswer {
    const limit = Math.min(Number(query.get('limit') ?? lengths.list), lengths.listPage)
    const cursor = query.get('cursor')
    const rest = this.school.list().filter((one) => cursor === null || isAfter(one, cursor))
    const page = rest.slice(0, limit)
    const last = page.at(-1)
    const next = new URLSearchParams({ ...(query.has('limit') ? { limit: String(limit) } : {}), cursor: last ? placeOf(last) : '' })
    return { body: page, headers: rest.length > limit ? { Link: `</x?${next}>; rel="next"` } : {} }
  }

  private answerReaction(method: string, conversationId: Id, messageId: Id): MockAnswer {
    const conversation = this.school.conversations.get(conversationId)
    if (!conversation?.members.has(viewer)) return refused
    const message = conversation.messages.find(({ id }) => id === messageId)
    if (!message || message.deleted) return { status: 404, body: { status: 404, code: 'not_found', message: '', data: {} } }
    this.school.react(conversation, message, viewer, method === 'PUT')
    return { status: 204 }
  }

  private answerMessages(method: string, conversationId: Id, messageId: Id, query: URLSearchParams): MockAnswer {
    const conversation = this.school.conversations.get(conversationId)
    if (!conversation?.members.has(viewer)) return refused
    const message = conversation.messages.find(({ id }) => id === messageId)
    if (method !== 'GET') {
      if (!message) return { status: 404, body: { status: 404, code: 'message_not_found', message: '', data: {} } }
      if (method === 'PATCH' && message.deleted) return { status: 400, body: { status: 400, code: 'message_deleted', message: '', data: {} } }
      if (method === 'PATCH') return { body: this.school.edit(conversation, message, 'author') }
      this.school.delete(conversation, message, 'author')
      return { status: 204 }
    }
    const limit = Math.min(Number(query.get('limit') ?? lengths.page), lengths.page)
    const [before, after] = ['before', 'after'].map((name) => (query.has(name) ? Number(query.get(name)) : null))
    const all = conversation.messages.filter(({ id }) => id < (before ?? Infinity) && id > (after ?? -1))
    const page = typeof after === 'number' ? all.slice(0, limit) : all.slice(-limit)
    const next = typeof after === 'number' ? `after=${page.at(-1)?.id}` : `before=${page[0]?.id}`
    return {
      body: page.map((one) => this.school.messageView(conversation, one)),
      headers: all.length > limit ? { Link: `</x?limit=${limit}&${next}>; rel="next"` } : {},
    }
  }
}

const refused: MockAnswer = { status: 403, body: { status: 403, code: 'not_participant', message: '', data: {} } }

export function placeOf({ updated_at, conversation_id }: Conversation): string {
  return `${updated_at}|${String(conversation_id).padStart(6, '0')}`
}

/** Whether it is further down the list than a position. */
export function isAfter(conversation: Conversation, place: string): boolean {
  return placeOf(conversation) < place
}

/** Lets promises resolve, and React render. */
export async function settle(): Promise<void> {
  await act(async () => {
    for (let step = 0; step < 30; step++) await Promise.resolve()
  })
}
