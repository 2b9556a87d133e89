import { type Dispatch, useEffect, useState } from 'react'
import { loadUploads } from '../files/parts'
import type { ChatEvent } from '../state/chatEvent'
import type { ChatState } from '../state/chatState'

/** Uploads the files of unsent messages, and removes those that were sent from this device; loaded with the first one. */
export function useUploads({ userId, outgoing, link }: ChatState, isSending: boolean, dispatch: Dispatch<ChatEvent>): void {
  const [isUsed, setIsUsed] = useState(false)
  if (!isUsed && outgoing.some((one) => one.files)) setIsUsed(true)
  const { epoch } = link
  useEffect(() => {
    if (isUsed) loadUploads().then(({ syncUploads }) => { syncUploads({ userId, outgoing, isSending, epoch, dispatch }) }, () => undefined)
  }, [isUsed, userId, outgoing, isSending, epoch, dispatch])
  useEffect(
    () => () => {
      if (isUsed) loadUploads().then(({ stopUploads }) => { stopUploads() }, () => undefined)
    },
    [isUsed],
  )
}
