/** The server's default; it may be configured lower, then it refuses with a code. */
export const maxContentLength = 10_000

/** Characters of a group's title (hooks/protocol, MaxTitle). */
export const maxTitleLength = 200

/** So many participants of a conversation a list names: the viewer, then those who spoke last. */
export const mostListed = 50
