/** The server's default; if it is configured lower, the server refuses with a code. */
export const maxContentLength = 10_000

/** Files of a message. */
export const maxAttachments = 10

/** Characters of a group's title (hooks/protocol, MaxTitle). */
export const maxTitleLength = 200

/** How many participants of a conversation a list names: the viewer, then those who wrote last. */
export const mostListed = 50
