import { isArrayOf } from '../protocol/decode'
import { isServerProblem, type ServerProblem } from '../protocol/server'
import { apiCall } from './apiCall'

/** What is wrong with the server: the disk, the backups, mail. For the administration. */
export function fetchServerProblems(options: { signal?: AbortSignal } = {}): Promise<ServerProblem[]> {
  return apiCall({ path: '/api/messagerie/server-problems/', signal: options.signal }, isArrayOf(isServerProblem))
}
