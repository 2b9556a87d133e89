import type { ServerFrame } from '../../protocol/frames'
import type { ChatState } from './chatState'
import { type Heard, isHeard } from './heard'

/*
 * Which of two copies is newer? Whatever arrives in whatever order, the client ends where the server is,
 * by these rules:
 *
 * 1. The frames of a link come in the order of the changes, and each tells a whole value (this message,
 *    this text, deleted, read up to here): heard twice, it changes nothing the second time.
 * 2. `conversations_list` was read after everything that the link has brought before it: it replaces what
 *    is known. What changes while it is read is announced behind it, whether it is in it or not (rule 1).
 * 3. The response to a request tells of a moment between its leaving and its arrival. What was heard before
 *    it left is in it; what was heard since may be or may not be. So it replaces what is known, and the
 *    frames heard since it left are applied to it again.
 * 4. What this device has kept for when there is no network is of no known age: it only fills gaps.
 * 5. Where a frame says too little (a message of a conversation that isn't known, a deletion among
 *    messages that a list has only counted), the conversation is requested: a response, rule 3.
 * 6. With a link goes the certainty of having heard everything. The next one begins with a list; what
 *    that doesn't hold (the pages after it, the messages held) is asked for again.
 *
 * A response may be newer than what the link has brought: then the frames that follow tell the same again.
 */

export function withRequest(state: ChatState, request: number): ChatState {
  const { underWay, frames, forgotten } = state.requests
  const left = { heardBefore: forgotten + frames.length, epoch: state.link.epoch }
  return { ...state, requests: { ...state.requests, underWay: { ...underWay, [request]: left } } }
}

/** Its response has arrived, or won't: what was only kept for it is forgotten. */
export function withoutRequest(state: ChatState, request: number): ChatState {
  const underWay = Object.fromEntries(Object.entries(state.requests.underWay).filter(([id]) => Number(id) !== request))
  const needed = Math.min(...Object.values(underWay).map(({ heardBefore }) => heardBefore))
  const { frames, forgotten } = state.requests
  const kept = needed === Infinity ? [] : frames.slice(needed - forgotten)
  return { ...state, requests: { underWay, frames: kept, forgotten: forgotten + frames.length - kept.length } }
}

export function withHeard(state: ChatState, frame: ServerFrame): ChatState {
  if (!isHeard(frame) || Object.keys(state.requests.underWay).length === 0) return state
  return { ...state, requests: { ...state.requests, frames: [...state.requests.frames, frame] } }
}

/** What was heard since a request left. */
export function heardSince(state: ChatState, request: number): readonly Heard[] {
  const left = state.requests.underWay[request]
  return left ? state.requests.frames.slice(left.heardBefore - state.requests.forgotten) : []
}

/** Whether it left on the link that there is: then nothing was missed since. */
export function isOfThisLink(state: ChatState, request: number): boolean {
  return state.link.status !== 'down' && state.requests.underWay[request]?.epoch === state.link.epoch
}

/** Whether another link has come about since it left: what changed in between was perhaps not heard. */
export function isOfEarlierLink(state: ChatState, request: number): boolean {
  return state.link.status !== 'down' && !isOfThisLink(state, request)
}
