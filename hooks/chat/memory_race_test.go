//go:build race

package chat_test

// The race detector needs memory for every goroutine.
const raceDetector = 6 << 10
