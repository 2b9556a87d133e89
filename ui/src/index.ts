/**
 * The library, for pages of other applications. It leaves the page alone: it doesn't change the title or the language,
 * has no styles outside of its own elements, and makes no request before one of its components is rendered. It stores
 * drafts and their recipients (localStorage), reading positions (sessionStorage) and unsent messages (IndexedDB) under
 * "messagerie", until `forgetDevice` is called.
 */
import './styles/host.css'
import './styles/tokens.css'
import './styles/base.css'

// The server, the caller and the language.
export { announceToken, configureConnection, type Connection, type SessionEnd } from './actions/connection'
export { forgetDevice } from './app/device'
export { type Language, languages, setLanguage } from './i18n/i18n'

// The chat, and parts of it to build another one.
export { InstantChat, type InstantChatProps } from './chat/InstantChat'
export type { Place } from './lib/place'
export { type LinkState, useWebSocket, type WebSocketHandle } from './chat/socket/useWebSocket'
export { StyleScope } from './parts/StyleScope'
export { ConnectionStatus, type ConnectionStatusProps } from './chat/socket/ConnectionStatus'
export { ConversationItem, type ConversationItemProps } from './chat/list/ConversationItem'
export { MessageBubble, type MessageBubbleProps, type Quote } from './chat/messages/MessageBubble'
export { MessageInput, type MessageInputProps } from './chat/composer/MessageInput'
export { TypingIndicator, type TypingIndicatorProps } from './parts/TypingIndicator'

// Requests. Each rejects with an ApiError, or with an AbortError if its signal was aborted.
export { ApiError, type Page } from './actions/apiCall'
export * from './actions/messagerieAction'
export * from './actions/attachmentAction'
export * from './actions/directoryAction'
export * from './actions/emailAction'
export * from './actions/findAction'
export * from './actions/scheduledAction'
export * from './actions/sessionAction'
export * from './actions/profileAction'
export * from './actions/providerAction'

export type * from './protocol/about'
export type * from './protocol/frames'
export type * from './protocol/limits'
export type * from './protocol/resources'
export { closeAccountDisabled, closeUnauthorized } from './protocol/frames'
export { maxContentLength } from './protocol/limits'
