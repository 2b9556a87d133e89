/** Leaves the client for a page of another site. A file of its own, so that tests can replace it. */
export function leaveFor(address: string): void {
  window.location.assign(address)
}
