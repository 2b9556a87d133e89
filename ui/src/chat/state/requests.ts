import type { ServerFrame } from '../../protocol/frames'
import type { ChatState } from './chatState'
import { type Heard, isHeard } from './heard'

/*
 * Which of two copies is newer? With these rules the client converges to the server's state, whatever arrives
 * in whatever order:
 *
 * 1. The frames of a link arrive in the order of the changes, and each has a whole value (this message,
 *    this text, deleted, read up to here): a repeated one changes nothing.
 * 2. `conversations_list` was read after all earlier frames of the link: it replaces what is known. Changes
 *    while it is read are announced after it, whether it contains them or not (rule 1).
 * 3. The response to a request has the state of a moment between the request and the response. It contains
 *    the changes of frames received before the request; later ones it may or may not contain. So it replaces
 *    what is known, and the frames received since the request are applied to it again.
 * 4. A response from this device's cache has an unknown age: it only fills gaps.
 * 5. If a frame isn't enough (a message of an unknown conversation, a deletion among messages that a list
 *    has only counted), the conversation is requested: a response, rule 3.
 * 6. When a link is lost, frames may have been missed. The next one begins with a list; what that doesn't
 *    contain (later pages, loaded messages) is requested again.
 *
 * A response may be newer than the frames received so far: then the following frames repeat its changes.
 */

export function withRequest(state: ChatState, request: number): ChatState {
  const { underWay, frames, forgotten } = state.requests
  const left = { heardBefore: forgotten + frames.length, epoch: state.link.epoch }
  return { ...state, requests: { ...state.requests, underWay: { ...underWay, [request]: left } } }
}

/** Its response has arrived, or won't: frames that were only kept for it are dropped. */
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

/** The frames received since a request was sent. */
export function heardSince(state: ChatState, request: number): readonly Heard[] {
  const left = state.requests.underWay[request]
  return left ? state.requests.frames.slice(left.heardBefore - state.requests.forgotten) : []
}

/** Whether it was sent on the current link, so that no frame was missed since. */
export function isOfThisLink(state: ChatState, request: number): boolean {
  return state.link.status !== 'down' && state.requests.underWay[request]?.epoch === state.link.epoch
}

/** Whether there has been another link since it was sent, so that frames may have been missed in between. */
export function isOfEarlierLink(state: ChatState, request: number): boolean {
  return state.link.status !== 'down' && !isOfThisLink(state, request)
}
