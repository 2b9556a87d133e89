package attachments

import (
	"encoding/binary"
	"math"
)

// The elements of a WebM file (RFC 9559) that are read. Those with others in them are gone into; all ids differ, so
// that it needn't be known where they end: a recorder doesn't say.
const (
	webmSegment       = 0x18538067
	webmInfo          = 0x1549a966
	webmScale         = 0x2ad7b1
	webmDuration      = 0x4489
	webmTracks        = 0x1654ae6b
	webmTrack         = 0xae
	webmTrackType     = 0x83
	webmVideo         = 0xe0
	webmWidth         = 0xb0
	webmHeight        = 0xba
	webmCluster       = 0x1f43b675
	webmTimestamp     = 0xe7
	webmSimpleBlock   = 0xa3
	webmBlockGroup    = 0xa0
	webmBlock         = 0xa1
	webmBlockDuration = 0x9b
)

// maxElements bounds what is read of a file: its blocks are some dozens a second.
const maxElements = 500_000

// recording is a WebM file.
type recording struct {
	media
	scale   float64 // nanoseconds of a tick
	said    float64 // the length in ticks, 0 if the head doesn't know it
	cluster float64 // where the blocks of this cluster begin, in ticks
	last    float64 // where the last block begins
	step    float64 // from the one before to it
	end     float64 // of the last block, if it says how long it is
}

func readWebM(s *stream) media {
	r := recording{scale: 1_000_000}
	for range maxElements {
		id, _, ok := s.ebml(4, true)
		if !ok {
			break
		}
		size, isUnknown, ok := s.ebml(8, false)
		if !ok {
			break
		}
		switch id {
		case webmSegment, webmInfo, webmTracks, webmTrack, webmVideo, webmCluster, webmBlockGroup:
			continue
		}
		if isUnknown || !r.element(s, id, int64(size)) {
			break
		}
	}
	ticks := r.said
	if ticks == 0 {
		ticks = max(r.last+r.step, r.end)
	}
	r.duration = seconds(ticks*r.scale, 1e9)
	if r.width > maxSide || r.height > maxSide {
		r.width, r.height = 0, 0
	}
	return r.media
}

// element reads one without others in it, and reports whether the file goes on.
func (r *recording) element(s *stream, id uint64, size int64) bool {
	next := s.at + size
	switch id {
	case webmScale, webmTrackType, webmWidth, webmHeight, webmTimestamp, webmBlockDuration:
		r.number(id, s.unsigned(size))
	case webmDuration:
		r.said = s.float(size)
	case webmSimpleBlock, webmBlock:
		r.block(s)
	}
	return next >= s.at && s.skip(next-s.at)
}

func (r *recording) number(id, value uint64) {
	switch id {
	case webmScale:
		r.scale = float64(value)
	case webmTrackType:
		r.hasVideo = r.hasVideo || value == 1
		r.hasSound = r.hasSound || value == 2
	case webmWidth:
		r.width = int(min(value, maxSide+1))
	case webmHeight:
		r.height = int(min(value, maxSide+1))
	case webmTimestamp:
		r.cluster = float64(value)
	case webmBlockDuration:
		r.end = max(r.end, r.last+float64(value))
	}
}

// block reads when a block begins: after its track, relative to its cluster.
func (r *recording) block(s *stream) {
	if _, _, ok := s.ebml(8, false); !ok {
		return
	}
	b := s.scratch[:2]
	if !s.read(b) {
		return
	}
	if begins := r.cluster + float64(int16(binary.BigEndian.Uint16(b))); begins > r.last {
		r.last, r.step = begins, begins-r.last
	}
}

// ebml reads a number of variable length (RFC 8794, 4), as an id with the mark of its length, or without. All ones
// stand for a size that isn't known.
func (s *stream) ebml(most int, isID bool) (value uint64, isUnknown, ok bool) {
	b := &s.scratch
	if !s.read(b[:1]) {
		return 0, false, false
	}
	length, mark := 1, byte(0x80)
	for length <= most && b[0]&mark == 0 {
		length, mark = length+1, mark>>1
	}
	if length > most || !s.read(b[1:length]) {
		return 0, false, false
	}
	if !isID {
		b[0] &^= mark
	}
	for _, digit := range b[:length] {
		value = value<<8 | uint64(digit)
	}
	return value, !isID && value == 1<<(7*length)-1, true
}

// unsigned reads a number of so many bytes, 0 if they are too many.
func (s *stream) unsigned(size int64) (value uint64) {
	b := &s.scratch
	clear(b[:])
	if size > 8 || !s.read(b[8-size:]) {
		return 0
	}
	return binary.BigEndian.Uint64(b[:])
}

// float reads one of four or eight bytes, 0 for anything that no length can be.
func (s *stream) float(size int64) float64 {
	value := 0.0
	switch bits := s.unsigned(size); size {
	case 4:
		value = float64(math.Float32frombits(uint32(bits)))
	case 8:
		value = math.Float64frombits(bits)
	}
	if !(value > 0) { // nor NaN
		return 0
	}
	return value
}
