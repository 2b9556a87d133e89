package store

// LastKnown is for tests in package store_test.
const LastKnown = lastKnown
