export const muteDurations = ['hour', 'tomorrow', 'week', 'always'] as const
export type MuteDuration = (typeof muteDurations)[number]

const hour = 3_600_000
/** When school begins: a mute “until tomorrow” ends then, by the device's clock. */
const morning = 8

/** What mutes a conversation for a while, or until it is unmuted. */
export function muteFor(duration: MuteDuration, now = new Date()): { muted: true } | { muted_until: string } {
  if (duration === 'always') return { muted: true }
  const end = new Date(now)
  if (duration === 'hour') end.setTime(now.getTime() + hour)
  else end.setDate(now.getDate() + (duration === 'week' ? 7 : 1))
  if (duration === 'tomorrow') end.setHours(morning, 0, 0, 0)
  return { muted_until: end.toISOString() }
}
