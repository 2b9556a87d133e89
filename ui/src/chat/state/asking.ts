import type { Dispatch } from 'react'
import type { ChatEvent } from './chatEvent'

let lastRequest = 0

/** Runs requests, with the number by which the events of their responses are merged: requests.ts. */
export async function asking<T>(dispatch: Dispatch<ChatEvent>, work: (request: number) => Promise<T>): Promise<T> {
  const request = ++lastRequest
  dispatch({ type: 'requested', request })
  try {
    return await work(request)
  } finally {
    dispatch({ type: 'requestEnded', request })
  }
}
