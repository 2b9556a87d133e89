import type { Id, Message } from '../../protocol/resources'

/** Such a message reaches somebody although they have muted its conversation. */
export function mentionsUser({ mentions }: Message, userId: Id): boolean {
  return mentions?.includes(userId) === true
}
