import { daysLater, momentOf, wallTimeOf, weekdayOf } from '../../lib/zonedTime'
import type { Timestamp } from '../../protocol/resources'

export type ProposalName = 'opening' | 'evening' | 'tomorrow' | 'monday'

export interface Proposal {
  name: ProposalName
  at: Date
}

const evening = 18
const morning = 8
const [friday, sunday] = [4, 6]

/** When a message may be sent later, by the clocks of a zone: not on the days on which nobody is at school. */
export function proposalsAt(now: Date, zone: string | undefined, quietUntil: Timestamp | null | undefined): Proposal[] {
  const today = wallTimeOf(now, zone)
  const weekday = weekdayOf(today)
  const at = (days: number, hour: number) => momentOf(daysLater({ ...today, hour, minute: 0 }, days), zone)
  const proposals: Proposal[] = []
  if (quietUntil && Date.parse(quietUntil) > now.getTime()) proposals.push({ name: 'opening', at: new Date(quietUntil) })
  else if (today.hour < evening - 1 && weekday <= friday) proposals.push({ name: 'evening', at: at(0, evening) })
  const isSchoolTomorrow = weekday < friday || weekday === sunday
  if (isSchoolTomorrow) proposals.push({ name: 'tomorrow', at: at(1, morning) })
  if (weekday !== sunday) proposals.push({ name: 'monday', at: at(7 - weekday, morning) })
  return proposals
}

const year = 366 * 86_400_000

/** Whether the server takes it as a time to deliver a message at: to come, at most a year ahead. */
export function isToCome(moment: Date, now = new Date()): boolean {
  const ahead = moment.getTime() - now.getTime()
  return ahead > 0 && ahead < year
}
