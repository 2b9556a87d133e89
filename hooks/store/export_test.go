package store

// LastKnown is for the tests of what is stored.
const LastKnown = lastKnown
