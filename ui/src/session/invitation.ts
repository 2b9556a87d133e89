/** What the QR code of an access letter knows; empty for what has to be typed. */
export interface Invitation {
  username: string
  code: string
}

/** The letter's `/welcome#u=…&c=…`. A fragment is never sent to a server, so that no log has the code. */
export function readInvitation(fragment: string): Invitation {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  return { username: fields.get('u') ?? '', code: fields.get('c') ?? '' }
}

/** As the server compares it: people copy spaces and hyphens, and type in lower case. */
export function plainCode(code: string): string {
  return code.replace(/[\s\p{Pd}_.·]/gu, '').toUpperCase()
}
