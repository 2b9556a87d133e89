import { createContext } from 'react'
import type { Id, Timestamp } from '../../protocol/resources'
import type { OutgoingFile } from './chatState'

/** When, and whether in spite of quiet hours; absent: at once. */
export interface SendOptions {
  deliverAt?: Timestamp
  urgent?: boolean
  files?: readonly OutgoingFile[]
  mentions?: readonly Id[]
}

/** For what is beside the send button: sends the text of the field in another way; null while it can't be sent. */
export const Sending = createContext<((options: SendOptions) => void) | null>(null)
