package attachments

import (
	"encoding/binary"
	"math"
)

// readOgg reads the pages of an Ogg file (RFC 3533). The last position of its first sound is its length.
func readOgg(s *stream) (m media) {
	var head [27]byte
	var table [math.MaxUint8]byte
	var rate, before, last float64
	var sound uint32
	for s.read(head[:]) && string(head[:4]) == "OggS" {
		lengths := table[:head[26]]
		if !s.read(lengths) {
			break
		}
		size := 0
		for _, length := range lengths {
			size += int(length)
		}
		serial, isFirst := binary.LittleEndian.Uint32(head[14:]), head[5]&2 != 0
		begin := s.peek(min(size, 64))
		if isFirst && !m.hasSound {
			if rate, before = oggSound(begin); rate > 0 {
				m.hasSound, sound = true, serial
			}
		}
		if isFirst && !m.hasVideo {
			m.width, m.height, m.hasVideo = theoraSize(begin)
		}
		// A page on which nothing ends has -1.
		if at := binary.LittleEndian.Uint64(head[6:]); m.hasSound && serial == sound && at <= math.MaxInt64 {
			last = max(last, float64(at))
		}
		if !s.skip(int64(size)) {
			break
		}
	}
	m.duration = seconds(last-before, rate)
	return m
}

// oggSound returns the samples of a second that the first page of a sound names, and how many come before its
// beginning; 0 for something else.
func oggSound(page []byte) (rate, before float64) {
	is := func(magic string, length int) bool { return len(page) >= length && string(page[:len(magic)]) == magic }
	switch {
	case is("OpusHead", 19): // RFC 7845, 5.1: always 48 kHz
		return 48_000, float64(binary.LittleEndian.Uint16(page[10:]))
	case is("\x01vorbis", 30):
		return float64(binary.LittleEndian.Uint32(page[12:])), 0
	case is("Speex   ", 40):
		return float64(binary.LittleEndian.Uint32(page[36:])), 0
	case is("\x7fFLAC", 35): // RFC 9639, 10.1
		return float64(binary.BigEndian.Uint32(page[27:]) >> 12), 0
	}
	return 0, 0
}

// theoraSize reads the size of the pictures in the first page of a film.
func theoraSize(page []byte) (width, height int, ok bool) {
	if len(page) < 20 || string(page[:7]) != "\x80theora" {
		return 0, 0, false
	}
	width = int(binary.BigEndian.Uint32(page[13:]) & 0xffffff)
	height = int(binary.BigEndian.Uint32(page[16:]) & 0xffffff)
	if width > maxSide || height > maxSide {
		width, height = 0, 0
	}
	return width, height, true
}
