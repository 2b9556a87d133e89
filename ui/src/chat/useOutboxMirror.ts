import { type Dispatch, useEffect, useRef } from 'react'
import type { Id } from '../protocol'
import type { ChatEvent, Outgoing } from './chatState'
import { forgetOutgoing, keepOutgoing, loadOutbox } from './outboxStore'

/** What one tab tells the others of the same user. */
type Change = { type: 'kept'; outgoing: Outgoing } | { type: 'gone'; clientId: string }

/** A database that doesn't answer, as behind another tab's old version, holds new messages up for no longer. */
const patience = 2_000

/** Keeps the outbox on this device and the same in every tab; what a killed tab left comes back. */
export function useOutboxMirror(userId: Id, outgoing: Outgoing[], dispatch: Dispatch<ChatEvent>): void {
  // What the store and the other tabs know already, by client_id.
  const mirrored = useRef(new Map<string, string>())
  const channel = useRef<BroadcastChannel | null>(null)
  const before = useRef<Outgoing[]>([])

  useEffect(() => {
    const known = mirrored.current
    const goneMeanwhile = new Set<string>()
    let isOver = false
    const opened = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`messagerie.outbox.${userId}`)
    channel.current = opened
    if (opened) {
      opened.onmessage = ({ data }: MessageEvent<Change>) => {
        if (data.type === 'kept') {
          known.set(data.outgoing.clientId, essence(data.outgoing))
          dispatch({ type: 'keptElsewhere', outgoing: data.outgoing })
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
    }
  }, [userId, dispatch])

  useEffect(() => {
    const known = mirrored.current
    const present = new Set(outgoing.map((one) => one.clientId))
    for (const { clientId } of before.current) {
      if (present.has(clientId) || !known.delete(clientId)) continue
      void forgetOutgoing(userId, clientId)
      channel.current?.postMessage({ type: 'gone', clientId } satisfies Change)
    }
    before.current = outgoing
    for (const one of outgoing) {
      if (known.get(one.clientId) === essence(one)) continue
      known.set(one.clientId, essence(one))
      void keepOutgoing(userId, one)
      channel.current?.postMessage({ type: 'kept', outgoing: one } satisfies Change)
    }
  }, [userId, outgoing])
}

/** What of a message matters to the store: being on its way doesn't. */
function essence({ content, sequence, delivery }: Outgoing): string {
  return JSON.stringify([content, sequence, delivery.status === 'failed' ? delivery.code : null])
}
