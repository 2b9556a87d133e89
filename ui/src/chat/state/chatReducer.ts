import type { ChatEvent, NoticeEvent, ReadingEvent, RequestEvent } from './chatEvent'
import { type ChatState, typingLifetime } from './chatState'
import { addressed } from './contacts'
import { reduceFrame } from './frameReducer'
import { changeLink } from './linkReducer'
import { reduceList } from './listReducer'
import { reduceOutbox } from './outboxReducer'
import { reducePins } from './pins'
import { reduceReactions } from './reactions'
import { withoutRequest, withRequest } from './requests'
import { reduceScheduled } from './scheduled'
import { withConversation } from './stateChanges'
import { reduceThread } from './threadReducer'

/** Everything that can happen in a chat, as a pure function: times and random values are in the events. */
export function chatReducer(state: ChatState, event: ChatEvent): ChatState {
  return addressed(reduce(state, event))
}

/** Each part of the state has a reducer; a missing event, here or there, doesn't compile. */
function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'frame':
      return reduceFrame(state, event.frame, event.at)
    case 'linkChanged':
      return changeLink(state, event.isConnected)
    case 'typingExpired':
      return { ...state, typists: state.typists.filter((one) => event.at - one.since < typingLifetime) }
    case 'requested':
    case 'requestEnded':
      return reduceRequests(state, event)
    case 'listLoaded':
    case 'listFailed':
    case 'conversationFetched':
    case 'conversationRefused':
    case 'peopleRemoved':
      return reduceList(state, event)
    case 'written':
    case 'outboxRestored':
    case 'keptElsewhere':
    case 'handedOver':
    case 'heldReleased':
    case 'contactRefused':
    case 'retried':
    case 'rewritten':
    case 'withdrawn':
    case 'fileChanged':
      return reduceOutbox(state, event)
    case 'scheduledLoaded':
    case 'scheduledChanged':
    case 'scheduledCancelled':
      return reduceScheduled(state, event)
    case 'reacting':
    case 'reactionStored':
    case 'reactionRefused':
      return reduceReactions(state, event)
    case 'pinStored':
      return reducePins(state, event)
    case 'watching':
    case 'readReported':
      return reduceReading(state, event)
    case 'noticed':
    case 'noticeClosed':
      return reduceNotice(state, event)
    default:
      // The remaining events are those of threads; any other type doesn't compile.
      return reduceThread(state, event)
  }
}

function reduceRequests(state: ChatState, event: RequestEvent): ChatState {
  return event.type === 'requested' ? withRequest(state, event.request) : withoutRequest(state, event.request)
}

function reduceNotice(state: ChatState, event: NoticeEvent): ChatState {
  return { ...state, notice: event.type === 'noticed' ? event : null }
}

function reduceReading(state: ChatState, event: ReadingEvent): ChatState {
  if (event.type === 'watching') return state.watched === event.conversationId ? state : { ...state, watched: event.conversationId }
  const { conversationId: id, messageId } = event
  const reported = { ...state, reported: { ...state.reported, [id]: messageId }, seen: { ...state.seen, [id]: messageId } }
  const known = state.conversations[id]
  return known ? withConversation(reported, known) : reported
}
