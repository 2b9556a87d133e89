/**
 * A new identifier that no other device chooses: the time in milliseconds, then 80 random bits,
 * in hexadecimal. The server's index of them grows at its end because they are in the order of time.
 */
export function newClientId(): string {
  const random = crypto.getRandomValues(new Uint8Array(10))
  return Date.now().toString(16).padStart(12, '0') + Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
