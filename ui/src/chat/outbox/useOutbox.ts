import { type Dispatch, useEffect, useRef, useState } from 'react'
import { TokenBucket } from '../../lib/tokenBucket'
import { conversationIn } from '../../lib/place'
import type { WebSocketHandle } from '../socket/useWebSocket'
import type { ChatEvent } from '../state/chatEvent'
import type { ChatState, Outgoing } from '../state/chatState'
import { isHeld } from '../state/outbox'
import { useFirstMessages } from './useFirstMessages'
import { type OutboxCommands, useOutboxCommands } from './useOutboxCommands'
import { useOutboxMirror } from './useOutboxMirror'
import { useSendingTurn } from './useSendingTurn'
import { useUploads } from './useUploads'

/** Between two attempts to send what the server couldn't take. */
const heldPause = 5_000
/** How many messages may be unconfirmed at a time, and thus in doubt when the link breaks. */
const windowLength = 15
/** The server closes a socket above 20 frames a second, with bursts of 60: this leaves room for the others. */
const pace = { burst: 40, perSecond: 15 }

/**
 * Sends waiting messages, in the order in which they were written, as soon as there is a link.
 * Messages that were unconfirmed when a link broke are sent again: the server stores a
 * client_id once. They are stored on this device until the server has confirmed them.
 */
export function useOutbox(
  state: ChatState,
  dispatch: Dispatch<ChatEvent>,
  sendChatMessage: WebSocketHandle['sendChatMessage'],
): OutboxCommands {
  const { userId, outgoing, link, isOutboxRestored } = state
  useOutboxMirror(userId, outgoing, dispatch)
  const { isOurs, take } = useSendingTurn(userId, link.status === 'open')
  const bucket = useRef(new TokenBucket(pace.burst, pace.perSecond))
  const isSending = link.status === 'open' && isOurs && isOutboxRestored
  useFirstMessages(outgoing, isSending, link.epoch, dispatch)
  // Incremented after each pause.
  const [turn, setTurn] = useState(0)

  useEffect(() => {
    if (!isSending) return
    const onTheWay = outgoing.filter((one) => one.delivery.status === 'sending').length
    const isReady = (one: Outgoing) => one.delivery.status === 'waiting' && conversationIn(one.place) !== null && !one.files?.some((file) => !file.attachmentId)
    // A held message delays those written after it.
    const firstHeld = outgoing.findIndex(isHeld)
    const inTurn = firstHeld < 0 ? outgoing : outgoing.slice(0, firstHeld)
    const waiting = inTurn.filter(isReady).slice(0, Math.max(0, windowLength - onTheWay))
    const clientIds: string[] = []
    let pause: number | undefined
    for (const { clientId, place, content, replyTo, deliverAt, urgent, files, mentions } of waiting) {
      if (!bucket.current.take(Date.now())) {
        pause = window.setTimeout(() => {
          setTurn((count) => count + 1)
        }, bucket.current.wait(Date.now()))
        break
      }
      if (!sendChatMessage(conversationIn(place) ?? 0, content, { clientId, replyTo, deliverAt, urgent, files, mentions })) break
      clientIds.push(clientId)
    }
    if (clientIds.length > 0) dispatch({ type: 'handedOver', clientIds })
    return () => {
      window.clearTimeout(pause)
    }
  }, [outgoing, isSending, link.epoch, turn, dispatch, sendChatMessage])

  useUploads(state, isSending, dispatch)

  const isAnyHeld = outgoing.some(isHeld)
  useEffect(() => {
    if (!isSending || !isAnyHeld) return
    const timer = window.setTimeout(() => {
      dispatch({ type: 'heldReleased' })
    }, heldPause)
    return () => {
      window.clearTimeout(timer)
    }
  }, [isSending, isAnyHeld, dispatch])

  return useOutboxCommands(outgoing, take, dispatch)
}
