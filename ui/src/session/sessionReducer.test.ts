import { aMe } from '../testing/factories'
import { type Session, sessionReducer } from './sessionReducer'

const claire = aMe()
const withTemporary = aMe({ temporary_password: true })
const active: Session = { status: 'active', me: claire, typed: null }
const expired: Session = { status: 'expired', me: claire, typed: null }

test('an expired session keeps the person, if there was one', () => {
  expect(sessionReducer(active, { type: 'ended', reason: 'expired' })).toEqual(expired)
  for (const session of [{ status: 'restoring' } as const, { ...active, me: withTemporary }]) {
    expect(sessionReducer(session, { type: 'ended', reason: 'expired' })).toEqual({ status: 'ended', reason: 'expired' })
  }
})

test('nothing is kept after a disabled account or a log-out', () => {
  for (const session of [active, expired]) {
    for (const reason of ['disabled', null] as const) {
      expect(sessionReducer(session, { type: 'ended', reason })).toEqual({ status: 'ended', reason })
    }
  }
})

test('the first reason is kept', () => {
  const ended: Session = { status: 'ended', reason: 'disabled' }
  expect(sessionReducer(ended, { type: 'ended', reason: 'expired' })).toBe(ended)
})

test('the same person continues; with a temporary password only once it is replaced', () => {
  expect(sessionReducer(expired, { type: 'entered', me: claire })).toEqual(active)
  const replacing = sessionReducer(expired, { type: 'entered', me: withTemporary, typed: 'provisoire' })
  expect(replacing).toEqual({ status: 'expired', me: withTemporary, typed: 'provisoire' })
  expect(sessionReducer(replacing, { type: 'entered', me: claire })).toEqual(active)
})

test('somebody else doesn’t continue the session', () => {
  const other = aMe({ id: 9, temporary_password: true })
  expect(sessionReducer(expired, { type: 'entered', me: other })).toMatchObject({ status: 'active', me: other })
})
