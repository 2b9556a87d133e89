/** What the pages on privacy and on the program say. */
export interface About {
  version: string
  /** Who is responsible for the data, whom to write to, the data protection officer; empty where the school hasn't said. */
  controller: string
  privacy_contact: string
  dpo: string
  /** How long after they have left people are erased; 0 for never. */
  leavers_months: number
  leavers_messages_removed: boolean
}
