import { act, cleanup, renderHook } from '@testing-library/react'
import fc from 'fast-check'
import { useState } from 'react'
import { configureConnection } from '../actions/connection'
import { type Chat, useChat } from '../chat/useChat'
import { reactionsTo } from '../chat/state/reactions'
import { useReadMarking } from '../chat/state/useReadMarking'
import type { Editor, Id } from '../protocol/resources'
import { mockFetch } from './mockFetch'
import { ModelServer, placeOf, settle } from './modelServer'
import { modelEmoji, ModelSchool, viewer } from './modelSchool'
import { MockSocket } from './mockSocket'
import { conversationShown, messageShown } from './shown'

/** Something that happens on the server, in transit, or in the client. The numbers choose among what exists. */
export type Step =
  | { do: 'write' | 'edit' | 'delete' | 'remove' | 'read' | 'deliver' | 'react'; by: Id; in: number; at: number }
  | { do: 'rename' | 'mute' | 'found' | 'drop' | 'join' | 'leave'; by: Id; in: number }
  | { do: 'flood'; in: number }
  | { do: 'readAnswer' | 'arrive' | 'fail'; which: number }
  | { do: 'send'; count: number }
  | { do: 'beginList' | 'readList' | 'receive' | 'connect' | 'wait' | 'look' | 'close' | 'more' }
  | { do: 'cut'; loses: boolean }
  | { do: 'open' | 'older' | 'newer' | 'latest' | 'say' | 'leaveIt' | 'renameIt' | 'muteIt'; in: number }
  | { do: 'editIt' | 'deleteIt' | 'reactIt'; in: number; at: number }

const index = fc.nat({ max: 5 })
const at = fc.nat({ max: 3 })
const by = fc.integer({ min: 1, max: 3 })
const named = <T extends Step['do']>(...names: T[]) => fc.constantFrom(...names)

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: named('write'), by, in: index, at }) },
  { weight: 8, arbitrary: fc.record({ do: named('edit', 'delete', 'remove', 'read', 'deliver', 'react'), by, in: index, at }) },
  { weight: 3, arbitrary: fc.record({ do: named('rename', 'mute', 'found', 'drop', 'join', 'leave'), by, in: index }) },
  { weight: 1, arbitrary: fc.record({ do: named('flood'), in: index }) },
  { weight: 8, arbitrary: fc.record({ do: named('readAnswer', 'arrive'), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: named('fail'), which: index }) },
  { weight: 8, arbitrary: fc.record({ do: named('send'), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 8, arbitrary: fc.record({ do: named('beginList', 'readList', 'receive', 'connect', 'wait', 'look', 'close', 'more') }) },
  { weight: 1, arbitrary: fc.record({ do: named('cut'), loses: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: named('open', 'older', 'newer', 'latest', 'say', 'leaveIt', 'renameIt', 'muteIt'), in: index }) },
  { weight: 3, arbitrary: fc.record({ do: named('editIt', 'deleteIt', 'reactIt'), in: index, at }) },
)

interface Screen {
  chat: Chat
  selectedId: Id | null
  select: (id: Id | null) => void
  looks: boolean
  look: (looks: boolean) => void
}

function useScreen(): Screen {
  const [selectedId, select] = useState<Id | null>(null)
  const [looks, look] = useState(false)
  const chat = useChat(viewer, selectedId === null ? null : { conversation: selectedId })
  const thread = selectedId === null ? undefined : chat.state.threads[selectedId]
  const seesEnd = looks && thread?.load.status === 'ready' && thread.newer.status === 'end'
  useReadMarking(chat.state, chat.dispatch, seesEnd ? selectedId : null, chat.socket.markAsRead)
  return { chat, selectedId, select, looks, look }
}

/** A client and a model of the server, to which steps are applied. */
export class ModelRun {
  private readonly school = new ModelSchool()
  private readonly server: ModelServer
  private readonly screen: { current: Screen }

  constructor() {
    MockSocket.all = []
    mockFetch.reset()
    configureConnection({ baseUrl: '', getToken: () => 'a-token', onSessionEnd: () => undefined })
    for (const people of [[2], [3], [2, 3], [2, 3]]) {
      const made = this.school.found(people.length === 1 ? 'direct' : 'group', people)
      for (let count = 0; count < 4; count++) this.school.send(made, 2 + (count % 2), 'before')
    }
    this.server = new ModelServer(this.school)
    this.screen = renderHook(useScreen).result
  }

  end(): void {
    cleanup()
  }

  async take(one: Step): Promise<void> {
    const { chat, select, look, looks } = this.screen.current
    const chosen = 'in' in one ? pick([...this.school.conversations.values()], one.in) : undefined
    const message = chosen && 'at' in one ? pick([...chosen.messages].reverse(), one.at) : undefined
    const known = 'in' in one ? pick(Object.keys(chat.state.conversations).map(Number), one.in) : undefined
    const all = known === undefined ? undefined : chat.state.threads[known]?.messages
    const held = all && 'at' in one ? pick([...all].reverse(), one.at) : undefined
    const its = all?.filter(({ sender_id }) => sender_id === viewer)
    const own = its && 'at' in one ? pick([...its].reverse(), one.at) : undefined
    switch (one.do) {
      case 'write':
        if (chosen) this.school.send(chosen, one.by, `by ${one.by}`)
        break
      case 'flood':
        for (let count = 0; chosen && count < 55; count++) this.school.send(chosen, 2, 'flood')
        break
      case 'edit':
        if (chosen && message) this.school.edit(chosen, message, editorOf(message, one.by))
        break
      case 'delete':
        if (chosen && message) this.school.delete(chosen, message, editorOf(message, one.by))
        break
      case 'react':
        if (chosen && message) this.school.react(chosen, message, one.by)
        break
      case 'remove':
        if (chosen && message) this.school.remove(chosen, message)
        break
      case 'read':
        if (chosen && message) this.school.read(chosen, one.by, message.id)
        break
      case 'deliver':
        if (chosen) this.school.deliver(chosen, one.by)
        break
      case 'rename':
        if (chosen?.kind === 'group') this.school.change(chosen, { title: `title ${one.by}` })
        break
      case 'mute':
        if (chosen) this.school.change(chosen, { muted: one.by > 1 })
        break
      case 'found':
        this.school.found('group', [2, 3])
        break
      case 'drop':
        if (chosen) this.school.drop(chosen)
        break
      case 'join':
        if (chosen) this.school.join(chosen, one.by)
        break
      case 'leave':
        if (chosen) this.school.leave(chosen, one.by)
        break
      case 'readAnswer':
        this.server.read(one.which)
        break
      case 'arrive':
        await this.server.arrive(one.which)
        break
      case 'fail':
        await this.server.fail(one.which)
        break
      case 'send':
        this.server.send(one.count)
        break
      case 'beginList':
      case 'readList':
      case 'receive':
        this.server[one.do]()
        break
      case 'connect':
        act(() => { chat.socket.reconnect() })
        this.server.connect()
        break
      case 'cut':
        this.server.cut(one)
        break
      case 'wait':
        pass(600)
        break
      case 'open':
        act(() => { select(known ?? null) })
        break
      case 'close':
        act(() => { select(null) })
        break
      case 'look':
        act(() => { look(!looks) })
        break
      case 'more':
        act(() => { chat.loadMoreConversations() })
        break
      case 'older':
        if (known !== undefined) act(() => { chat.loadOlder(known) })
        break
      case 'newer':
        if (known !== undefined) act(() => { chat.loadNewer(known) })
        break
      case 'latest':
        if (known !== undefined) act(() => { chat.loadLatest(known) })
        break
      case 'say':
        if (known !== undefined) act(() => { chat.send({ conversation: known }, 'said', null) })
        break
      case 'leaveIt':
        if (chat.state.conversations[known ?? 0]?.kind === 'group') ignore(() => chat.removePeople(known ?? 0, [viewer]))
        break
      case 'renameIt':
      case 'muteIt':
        if (known !== undefined) ignore(() => chat.changeConversation(known, one.do === 'muteIt' ? { muted: true } : { title: 'mine' }))
        break
      case 'editIt':
        if (own) ignore(() => chat.edit(own, 'ignored by the model'))
        break
      case 'deleteIt':
        if (own) act(() => { chat.remove(own) })
        break
      case 'reactIt':
        if (held) act(() => { chat.react(held, modelEmoji, reactionsTo(held, chat.state.reacting, viewer).every(({ user_ids }) => !user_ids.includes(viewer))) })
    }
    await settle()
  }

  /** Lets everything in transit arrive, and what follows from it. */
  async settle(): Promise<void> {
    for (let round = 0; round < 60; round++) {
      act(() => { this.screen.current.chat.socket.reconnect() })
      this.server.connect()
      this.server.receive()
      this.server.beginList()
      this.server.readList()
      this.server.send(Infinity)
      await this.server.arrive(0)
      if (!this.server.isQuiet) continue
      this.retry()
      pass(6_000)
      await settle()
      if (this.server.isQuiet) return
    }
    throw new Error('the client doesn’t come to rest')
  }

  /** Clicks the buttons of everything that couldn't be loaded. */
  private retry(): void {
    const { selectedId, chat } = this.screen.current
    if (selectedId !== null && chat.state.threads[selectedId]?.load.status === 'failed') act(() => { chat.openThread(selectedId) })
  }

  /** What the client shows, and what it would show after a fresh load of the same range. */
  compare(): { shown: unknown; fresh: unknown } {
    const { selectedId, chat: { state } } = this.screen.current
    const list = this.school.list()
    const cursor = state.nextPage === null ? '' : new URLSearchParams(state.nextPage).get('cursor') ?? ''
    const held = new Set(Object.keys(state.conversations).map(Number))
    const expected = list.filter((one) => held.has(one.conversation_id) || placeOf(one) >= cursor)
    const shown = Object.values(state.conversations).sort((a, b) => placeOf(b).localeCompare(placeOf(a)))
    // Threads that aren't open may be out of date, and are marked so.
    const threads = Object.entries(state.threads).map(([id, thread]) => ({ id: Number(id), thread })).filter(({ id, thread }) => thread.sync === 'live' || (id === selectedId && state.conversations[id]))
    return {
      shown: {
        list: shown.map(conversationShown),
        threads: threads.map(({ id, thread }) => ({ id, sync: thread.sync, messages: thread.messages.map((one) => messageShown(one, state.conversations[id])) })),
        reacting: state.reacting.length,
        outgoing: state.outgoing.filter(({ delivery }) => delivery.status !== 'failed').length,
      },
      fresh: {
        list: expected.map(conversationShown),
        threads: threads.map(({ id, thread }) => ({ id, sync: 'live', messages: this.stretch(id, thread) })),
        reacting: 0,
        outgoing: 0,
      },
    }
  }

  private stretch(id: Id, { messages, older, newer }: Chat['state']['threads'][Id]): unknown {
    const conversation = this.school.conversations.get(id)
    if (!conversation?.members.has(viewer)) return undefined
    const view = this.school.conversationView(conversation)
    const from = older.status === 'end' ? 0 : (messages[0]?.id ?? 0)
    const to = newer.status === 'end' ? Infinity : (messages.at(-1)?.id ?? 0)
    return conversation.messages
      .filter((one) => one.id >= from && one.id <= to)
      .map((one) => messageShown(this.school.messageView(conversation, one), view))
  }

  /** Opens each conversation in turn, because some are only refreshed then. */
  async visit(check: () => void): Promise<void> {
    for (const id of Object.keys(this.screen.current.chat.state.conversations)) {
      act(() => { this.screen.current.select(Number(id)) })
      await this.settle()
      check()
    }
  }
}

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)]
}

function pass(milliseconds: number): void {
  act(() => {
    jest.advanceTimersByTime(milliseconds)
  })
}

function ignore(command: () => Promise<unknown>): void {
  act(() => {
    command().catch(() => undefined)
  })
}

/** Anybody but the author edits in the dashboard. */
function editorOf({ senderId }: { senderId: Id }, by: Id): Editor {
  return senderId === by ? 'author' : 'administration'
}
