package attachments

import (
	"bufio"
	"io"
	"math"
	"os"
)

// media is what a sound or a film says about itself: 0 for what isn't known. Clients show it before they load the file.
type media struct {
	duration           float64 // seconds, to milliseconds
	width, height      int
	hasSound, hasVideo bool // of containers for both
}

// measure reads a file of a known type. All readers go through the file once, so their time is bounded by its size and by
// how many parts of it they look at, and they keep a few numbers only.
func measure(path, kind string) media {
	file, err := os.Open(path)
	if err != nil {
		return media{}
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return media{}
	}
	switch kind {
	case "audio/mp4", "video/mp4", "video/quicktime":
		return readMovie(file, info.Size())
	case "audio/wav":
		return media{duration: wavDuration(file)}
	case "audio/flac":
		return media{duration: flacDuration(file)}
	}
	s := newStream(file, info.Size())
	switch kind {
	case "audio/webm", "video/webm":
		return readWebM(s)
	case "audio/ogg", "video/ogg":
		return readOgg(s)
	case "audio/mpeg":
		return media{duration: mpegDuration(s)}
	case "audio/aac":
		return media{duration: adtsDuration(s)}
	}
	return media{}
}

// kindOf returns the type of a sound or film, given that of its container: a recorder's sound has that of a film.
func (m media) kindOf(detected string) string {
	onlySound := m.hasSound && !m.hasVideo
	switch {
	case detected == "video/mp4" && onlySound:
		return "audio/mp4"
	case detected == "audio/mp4" && m.hasVideo:
		return "video/mp4"
	case detected == "video/webm" && onlySound:
		return "audio/webm"
	}
	return detected
}

// maxSeconds is longer than any file of the allowed size: a wrong header says more.
const maxSeconds = 48 * 3600

// maxSide is larger than any picture of a film, in pixels: a wrong header says more.
const maxSide = 1 << 16

// seconds divides, to milliseconds; 0 for nonsense.
func seconds(length, scale float64) float64 {
	s := length / scale
	if !(s > 0 && s <= maxSeconds) { // nor NaN
		return 0
	}
	return math.Floor(s*1000) / 1000
}

// stream reads a file from its beginning to its end.
type stream struct {
	file     io.ReadSeeker
	buffered *bufio.Reader
	at, size int64
	scratch  [8]byte // so that a number takes no memory of its own
}

func newStream(file io.ReadSeeker, size int64) *stream {
	return &stream{file: file, buffered: bufio.NewReaderSize(file, 32<<10), size: size}
}

// read fills a slice, and reports whether there was enough.
func (s *stream) read(into []byte) bool {
	n, err := io.ReadFull(s.buffered, into)
	s.at += int64(n)
	return err == nil
}

// peek returns the next bytes, without going on: fewer at the end.
func (s *stream) peek(n int) []byte {
	next, _ := s.buffered.Peek(n)
	return next
}

// skip goes on by some bytes, and reports whether there are so many.
func (s *stream) skip(n int64) bool {
	if n < 0 || n > s.size-s.at {
		return false
	}
	s.at += n
	if n <= int64(s.buffered.Buffered()) {
		_, err := s.buffered.Discard(int(n))
		return err == nil
	}
	if _, err := s.file.Seek(s.at, io.SeekStart); err != nil {
		return false
	}
	s.buffered.Reset(s.file)
	return true
}
