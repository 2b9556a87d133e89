import type { SameKeys } from '../translation'
import type { fr } from './fr'

export const en: SameKeys<typeof fr> = {
  or: 'or',
  logIn: 'Log in with {{name}}',
  logInSchool: 'Log in with your school account',
  unavailable: 'This log-in isn’t available at the moment. Try again in a little while.',
  connecting: 'Logging in…',
  cancelled: 'You cancelled the log-in.',
  outdated: 'This log-in has expired, or was started in another window. Please start again.',
  failed: 'The log-in didn’t succeed. Please start again.',
  unknown: 'Your account was recognised, but it doesn’t match anyone here. Ask the school office to check the e-mail address they have for you.',
}
