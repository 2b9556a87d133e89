import { type Dispatch, useEffect, useEffectEvent, useRef } from 'react'
import { placeKey, placeNumber, placeOfNumber } from '../../lib/place'
import type { Id } from '../../protocol/resources'
import type { ChatEvent } from '../state/chatEvent'
import type { Outgoing } from '../state/chatState'
import { forgetOutgoing, keepOutgoing, loadOutbox } from './outboxStore'

/** A message from one tab to the others of the same user. */
type Change = { type: 'kept'; outgoing: Shared } | { type: 'gone'; clientId: string }

/** With its place as a number, as tabs of the previous version send it. */
type Shared = Omit<Outgoing, 'place'> & { conversationId: number }

/** A database that doesn't open, for example blocked by an old version in another tab, delays new messages by at most this, in milliseconds. */
const patience = 2_000

/** Stores the outbox on this device and syncs it between tabs; restores what a killed tab has left. */
export function useOutboxMirror(userId: Id, outgoing: Outgoing[], dispatch: Dispatch<ChatEvent>): void {
  // What the store and the other tabs already have, by client_id.
  const mirrored = useRef(new Map<string, string>())
  const channel = useRef<BroadcastChannel | null>(null)
  const before = useRef<Outgoing[]>([])
  // Messages that aren't stored on this device, yet or at all: they would be lost with the page.
  const unkept = useRef(new Set<string>())

  useEffect(() => {
    const known = mirrored.current
    const lost = unkept.current
    const goneMeanwhile = new Set<string>()
    let isOver = false
    const opened = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`messagerie.outbox.${userId}`)
    channel.current = opened
    if (opened) {
      opened.onmessage = ({ data }: MessageEvent<Change>) => {
        if (data.type === 'kept') {
          const { conversationId, ...rest } = data.outgoing
          const kept: Outgoing = { ...rest, place: placeOfNumber(conversationId) }
          known.set(kept.clientId, essence(kept))
          dispatch({ type: 'keptElsewhere', outgoing: kept })
        } else {
          goneMeanwhile.add(data.clientId)
          known.delete(data.clientId)
          dispatch({ type: 'withdrawn', clientId: data.clientId })
        }
      }
    }
    const waited = window.setTimeout(() => {
      dispatch({ type: 'outboxRestored', outgoing: [] })
    }, patience)
    void loadOutbox(userId).then((loaded) => {
      window.clearTimeout(waited)
      if (isOver) return
      const left = loaded.filter((one) => !goneMeanwhile.has(one.clientId))
      for (const one of left) known.set(one.clientId, essence(one))
      dispatch({ type: 'outboxRestored', outgoing: left })
    })
    return () => {
      isOver = true
      window.clearTimeout(waited)
      opened?.close()
      channel.current = null
      known.clear()
      lost.clear()
    }
  }, [userId, dispatch])

  useEffect(() => {
    const known = mirrored.current
    const present = new Set(outgoing.map((one) => one.clientId))
    for (const { clientId } of before.current) {
      if (present.has(clientId)) continue
      unkept.current.delete(clientId)
      if (!known.delete(clientId)) continue
      void forgetOutgoing(userId, clientId)
      channel.current?.postMessage({ type: 'gone', clientId } satisfies Change)
    }
    before.current = outgoing
    for (const one of outgoing) {
      if (known.get(one.clientId) === essence(one)) continue
      known.set(one.clientId, essence(one))
      unkept.current.add(one.clientId)
      void keepOutgoing(userId, one).then((isKept) => {
        if (isKept) unkept.current.delete(one.clientId)
      })
      const { place, ...rest } = one
      channel.current?.postMessage({ type: 'kept', outgoing: { ...rest, conversationId: placeNumber(place) } } satisfies Change)
    }
  }, [userId, outgoing])

  useUnloadWarning(outgoing.length > 0, () => unkept.current.size > 0)
}

/** Makes the browser ask before leaving the page. Only while needed: a page with this listener isn't in the back/forward cache. */
function useUnloadWarning(mayBeDue: boolean, isDue: () => boolean): void {
  const isDueNow = useEffectEvent(isDue)
  useEffect(() => {
    if (!mayBeDue) return
    const warn = (event: BeforeUnloadEvent) => {
      if (isDueNow()) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
    }
  }, [mayBeDue])
}

/** The part of a message that is stored: not whether it is being sent, but whether it ever was. */
function essence({ place, content, sequence, wasSent = false, files, delivery }: Outgoing): string {
  return JSON.stringify([placeKey(place), content, sequence, wasSent, delivery.status === 'failed' ? delivery.code : null, files])
}
