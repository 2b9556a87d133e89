import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { currentConnection, isTokenRefused, refuseToken, socketUrl, subscribeToToken } from '../../actions/connection'
import { askWhyRefused } from '../../actions/socketAction'
import { newClientId } from '../../lib/clientId'
import type { ClientFrame, ServerFrame } from '../../protocol/frames'
import type { Id, Timestamp } from '../../protocol/resources'
import { type LinkState, SocketLink } from './socketLink'

export type { LinkState }

export interface ChatMessageOptions {
  clientId?: string
  replyTo?: Id | null
  /** When it is to be delivered. */
  deliverAt?: Timestamp | undefined
  /** In spite of quiet hours, for those who may. */
  urgent?: boolean | undefined
  /** Uploaded before. */
  files?: readonly { attachmentId?: Id }[] | undefined
  /** Participants whom it mentions. */
  mentions?: readonly Id[] | undefined
}

export interface WebSocketHandle {
  isConnected: boolean
  connectionStatus: LinkState['status']
  /** The same as connectionStatus, with the time of the next attempt or the reason of the end. */
  link: LinkState
  /**
   * False if there is no link: nothing was sent and nothing is queued. The message is stored when it
   * comes back as `new_message`, or later as `message_scheduled`, with its `client_id`; if it is sent again with the same one it is stored once.
   */
  sendChatMessage: (conversationId: Id, content: string, options?: ChatMessageOptions) => boolean
  sendTypingStart: (conversationId: Id) => void
  sendTypingStop: (conversationId: Id) => void
  /** Up to that message, or to the newest. False if there is no link. */
  markAsRead: (conversationId: Id, messageId?: Id) => boolean
  /** From then on this socket gets typing frames only of the joined conversations, not of all. */
  joinConversation: (conversationId: Id) => void
  /** Reconnects at once instead of waiting for the next attempt. */
  reconnect: () => void
}

/**
 * The socket of one user: it reconnects by itself, with backoff, until the server refuses the token or the
 * account. `onMessage` is called with each frame of the server, parsed and checked; `onConnectionChange` with true
 * when a link opens and false when it is lost; `onOpenFailed` when no socket could be opened. A token that the
 * server no longer accepts ends the session; the next one (announceToken) opens another socket. `pingSeconds` is how
 * often the server wants to be asked for a sign of life (Me), every twelve seconds unless it cares.
 */
export function useWebSocket(
  userProfileId: Id,
  onMessage: (frame: ServerFrame) => void,
  onConnectionChange: (isConnected: boolean) => void,
  onOpenFailed?: () => void,
  pingSeconds?: number,
): WebSocketHandle {
  const [link, setLink] = useState<LinkState>({ status: 'connecting' })
  const socketLink = useRef<SocketLink | null>(null)
  const wasConnected = useRef(false)

  const receive = useEffectEvent(onMessage)
  const openFailed = useEffectEvent(() => onOpenFailed?.())
  const wantedPings = useEffectEvent(() => pingSeconds)
  const change = useEffectEvent((state: LinkState) => {
    setLink(state)
    const isConnected = state.status === 'connected'
    if (isConnected === wasConnected.current) return
    wasConnected.current = isConnected
    onConnectionChange(isConnected)
  })

  useEffect(() => {
    let token = ''
    const started = new SocketLink({
      url: () => socketUrl(userProfileId),
      protocols: () => {
        token = currentConnection().getToken()
        return ['messagerie', token].filter(Boolean)
      },
      onFrame: (frame) => {
        receive(frame)
      },
      onState: (state) => {
        change(state)
        if (state.status !== 'closed') return
        if (state.reason === 'disabled') void currentConnection().onSessionEnd('disabled')
        else if (isTokenRefused()) return
        else if (token === currentConnection().getToken()) void refuseToken(token)
        // A newer token may still be valid.
        else started.renew()
      },
      isRefused: isTokenRefused,
      pingSeconds: () => wantedPings(),
      onOpenFailed: () => {
        openFailed()
        return askWhyRefused(userProfileId)
      },
    })
    socketLink.current = started
    const unsubscribe = subscribeToToken(() => {
      if (token !== currentConnection().getToken()) started.renew()
    })
    started.start()
    return () => {
      unsubscribe()
      started.stop()
      socketLink.current = null
      wasConnected.current = false
    }
  }, [userProfileId])

  const send = useCallback((frame: ClientFrame) => socketLink.current?.send(frame) ?? false, [])

  const commands = useMemo(
    () => ({
      sendChatMessage: (conversationId: Id, content: string, options: ChatMessageOptions = {}) =>
        send({
          type: 'chat_message',
          conversation_id: conversationId,
          message: content,
          client_id: options.clientId ?? newClientId(),
          ...(options.replyTo ? { reply_to: options.replyTo } : {}),
          ...(options.deliverAt ? { deliver_at: options.deliverAt } : {}),
          ...(options.urgent ? { urgent: true } : {}),
          ...(options.mentions ? { mentions: options.mentions } : {}),
          ...(options.files ? { attachments: options.files.flatMap((file) => file.attachmentId ?? []) } : {}),
        }),
      sendTypingStart: (conversationId: Id) => {
        send({ type: 'typing_start', conversation_id: conversationId })
      },
      sendTypingStop: (conversationId: Id) => {
        send({ type: 'typing_stop', conversation_id: conversationId })
      },
      markAsRead: (conversationId: Id, messageId?: Id) =>
        send({
          type: 'mark_as_read',
          conversation_id: conversationId,
          ...(messageId ? { message_id: messageId } : {}),
        }),
      joinConversation: (conversationId: Id) => {
        send({ type: 'join_conversation', conversation_id: conversationId })
      },
      reconnect: () => {
        socketLink.current?.reconnect()
      },
    }),
    [send],
  )

  return useMemo(
    () => ({ isConnected: link.status === 'connected', connectionStatus: link.status, link, ...commands }),
    [link, commands],
  )
}
