//go:build race

package chat_test

// The race detector keeps books on every goroutine.
const raceDetector = 6 << 10
