import type { Id } from '../protocol/resources'
import { ApiError, apiCommand } from './apiCall'

/** The person has reached the limit of open sockets; `limit` is null if the server doesn't name it. */
export interface SocketsFull {
  limit: number | null
}

/**
 * Finds out why no socket opens, which browsers hide from pages: a plain request to the same address is refused
 * for the same reason. Null for any reason but too many sockets; a token that isn't accepted ends the session.
 */
export async function askWhyRefused(userId: Id): Promise<SocketsFull | null> {
  try {
    await apiCommand({ path: `/ws/chat/${userId}/` })
    return null
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'too_many_sockets') return null
    const { limit } = error.data
    return { limit: typeof limit === 'number' ? limit : null }
  }
}
