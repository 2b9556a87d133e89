import { useEffect, useReducer } from 'react'
import { isAbort } from '../../actions/apiCall'
import { fetchYearEnd } from '../../actions/yearEndAction'
import type { Id, User } from '../../protocol/resources'
import { type YearEnd, type YearEndAction, type YearEndClass, yearEndActions } from '../../protocol/yearEnd'

/** A class with what is decided about it. */
export interface Decided extends YearEndClass {
  action: YearEndAction
}

export type State =
  | { status: 'loading' }
  | { status: 'failed'; error: unknown }
  | { status: 'deciding'; proposal: YearEnd; classes: Decided[]; keepsTeachers: boolean; staying: User[] }

export type Event =
  | { type: 'loaded'; proposal: YearEnd }
  | { type: 'failed'; error: unknown }
  | { type: 'decided'; id: Id; change: Partial<Pick<Decided, 'action' | 'becomes'>> }
  | { type: 'decidedAll'; action: 'promoted' | 'waiting' }
  | { type: 'teachers'; keepsTeachers: boolean }
  | { type: 'staying'; staying: User[] }

/** The proposal of the server, and what the person who decides makes of it. */
export function useYearEnd(establishmentId: Id): [State, (event: Event) => void] {
  const [state, dispatch] = useReducer(reduce, { status: 'loading' })
  useEffect(() => {
    const abort = new AbortController()
    fetchYearEnd(establishmentId, { signal: abort.signal }).then(
      (proposal) => {
        dispatch({ type: 'loaded', proposal })
      },
      (error: unknown) => {
        if (!isAbort(error)) dispatch({ type: 'failed', error })
      },
    )
    return () => {
      abort.abort()
    }
  }, [establishmentId])
  return [state, dispatch]
}

function reduce(state: State, event: Event): State {
  if (event.type === 'failed') return { status: 'failed', error: event.error }
  if (event.type === 'loaded') {
    const { proposal } = event
    return { status: 'deciding', proposal, classes: proposal.classes.map(known), keepsTeachers: proposal.keep_teachers, staying: [] }
  }
  if (state.status !== 'deciding') return state
  switch (event.type) {
    case 'decided':
      return { ...state, classes: state.classes.map((one) => (one.id === event.id ? { ...one, ...event.change } : one)) }
    case 'decidedAll':
      return { ...state, classes: state.classes.map((one) => (mayBecome(one, event.action) ? { ...one, action: event.action } : one)) }
    case 'teachers':
      return { ...state, keepsTeachers: event.keepsTeachers }
    case 'staying':
      return { ...state, staying: event.staying }
  }
}

/** Those who leave stay leavers, and nobody is promoted into a class without a name. */
function mayBecome({ action, becomes }: Decided, to: 'promoted' | 'waiting'): boolean {
  return action !== 'leaving' && (to === 'waiting' || becomes !== '')
}

/** With an action of a newer server, nothing happens to the students. */
function known(proposed: YearEndClass): Decided {
  return { ...proposed, action: yearEndActions.find((one) => one === proposed.action) ?? 'waiting' }
}
