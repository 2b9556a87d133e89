package attachments

import (
	"encoding/binary"
	"io"
)

// movie is what the boxes of an ISO media file (ISO/IEC 14496-12) say. Recorders write a file in fragments: then its
// head knows no length, and the samples of the fragments are added up.
type movie struct {
	media
	file   io.ReaderAt
	boxes  int
	scale  float64 // of the whole, per second
	tracks map[uint32]*track
	track  *track // whose boxes are being read
	buffer [32 << 10]byte
}

// track is a sound or the pictures of a film.
type track struct {
	scale   float64 // per second
	usual   float64 // the length of a sample, unless it says another
	current float64 // the same, in this fragment
	end     float64
}

// The bounds of what is read of a file. A film has some dozens of boxes, and a recorder's eight more for each fragment.
const (
	maxBoxes  = 100_000
	maxDepth  = 4
	maxTracks = 100
)

// parents are the boxes whose content is boxes.
var parents = map[string]bool{"moov": true, "trak": true, "mdia": true, "mvex": true, "moof": true, "traf": true}

func readMovie(file io.ReaderAt, size int64) media {
	m := movie{file: file, tracks: map[uint32]*track{}, track: &track{}}
	m.read(0, size, 0)
	for _, t := range m.tracks {
		m.duration = max(m.duration, seconds(t.end, t.scale))
	}
	return m.media
}

func (m *movie) read(from, to int64, depth int) {
	var head [16]byte
	for at := from; at+8 <= to && m.boxes < maxBoxes; m.boxes++ {
		if _, err := m.file.ReadAt(head[:8], at); err != nil {
			return
		}
		size, start := int64(binary.BigEndian.Uint32(head[:])), at+8
		switch size {
		case 1: // 64 bits
			if _, err := m.file.ReadAt(head[8:16], at+8); err != nil {
				return
			}
			size, start = int64(binary.BigEndian.Uint64(head[8:])&(1<<62-1)), at+16
		case 0: // to the end
			size = to - at
		}
		end := at + size
		if end < start || end > to {
			return
		}
		name := string(head[4:8])
		if name == "trak" {
			m.track = &track{}
		}
		if !parents[name] {
			m.box(name, io.NewSectionReader(m.file, start, end-start))
		} else if depth < maxDepth {
			m.read(start, end, depth+1)
		}
		at = end
	}
}

// box reads a box without boxes in it; what it has too little of counts as zero.
func (m *movie) box(name string, box *io.SectionReader) {
	switch name {
	case "mvhd": // 8.2.2
		var length float64
		m.scale, length = timing(box)
		m.duration = seconds(length, m.scale)
	case "mehd": // 8.8.2
		if b := beginning(box, 12); b[0] == 1 {
			m.duration = max(m.duration, seconds(float64(binary.BigEndian.Uint64(b[4:])), m.scale))
		} else {
			m.duration = max(m.duration, seconds(float64(binary.BigEndian.Uint32(b[4:])), m.scale))
		}
	case "tkhd":
		m.trackHead(box)
	case "mdhd": // 8.4.2
		m.track.scale, _ = timing(box)
	case "hdlr": // 8.4.3
		switch b := beginning(box, 12); string(b[8:12]) {
		case "soun":
			m.hasSound = true
		case "vide":
			m.hasVideo = true
		}
	case "trex": // 8.8.3
		b := beginning(box, 16)
		if t := m.tracks[binary.BigEndian.Uint32(b[4:])]; t != nil {
			t.usual = float64(binary.BigEndian.Uint32(b[12:]))
		}
	case "tfhd":
		m.fragmentHead(box)
	case "tfdt": // 8.8.12
		if b := beginning(box, 12); b[0] == 1 {
			m.track.end = max(m.track.end, float64(binary.BigEndian.Uint64(b[4:])))
		} else {
			m.track.end = max(m.track.end, float64(binary.BigEndian.Uint32(b[4:])))
		}
	case "trun":
		m.track.end += m.samples(box, m.track.current)
	}
}

// beginning returns the first bytes of a box, followed by zeros if it is shorter.
func beginning(box *io.SectionReader, n int) []byte {
	b := make([]byte, n)
	if got, err := box.ReadAt(b, 0); err != nil {
		clear(b[got:])
	}
	return b
}

// timing reads the scale and the length in a movie's or a track's header.
func timing(box *io.SectionReader) (scale, length float64) {
	b := beginning(box, 32)
	if b[0] == 1 {
		return float64(binary.BigEndian.Uint32(b[20:])), float64(binary.BigEndian.Uint64(b[24:]))
	}
	return float64(binary.BigEndian.Uint32(b[12:])), float64(binary.BigEndian.Uint32(b[16:]))
}

// trackHead reads the id of a track (8.3.2), and its size, which is zero for sounds.
func (m *movie) trackHead(box *io.SectionReader) {
	var b [8]byte
	if box.Size() < 84 || len(m.tracks) == maxTracks {
		return
	}
	if _, err := box.ReadAt(b[:], box.Size()-8); err != nil {
		return
	}
	width, height := int(binary.BigEndian.Uint16(b[0:])), int(binary.BigEndian.Uint16(b[4:]))
	if width*height > m.width*m.height {
		m.width, m.height = width, height
	}
	head := beginning(box, 24)
	id := binary.BigEndian.Uint32(head[12:])
	if head[0] == 1 {
		id = binary.BigEndian.Uint32(head[20:])
	}
	m.tracks[id] = m.track
}

// fragmentHead reads which track a fragment continues (8.8.7).
func (m *movie) fragmentHead(box *io.SectionReader) {
	b := beginning(box, 24)
	m.track = m.tracks[binary.BigEndian.Uint32(b[4:])]
	if m.track == nil {
		m.track = &track{}
	}
	m.track.current = m.track.usual
	at := 8
	if b[3]&0x01 != 0 { // an offset
		at += 8
	}
	if b[3]&0x02 != 0 { // a description
		at += 4
	}
	if b[3]&0x08 != 0 {
		m.track.current = float64(binary.BigEndian.Uint32(b[at:]))
	}
}

// samples adds up the lengths of the samples of a fragment (8.8.8).
func (m *movie) samples(box *io.SectionReader, usual float64) (length float64) {
	b := beginning(box, 8)
	count, at := int64(binary.BigEndian.Uint32(b[4:])), int64(8)
	if b[2]&0x01 == 0 { // none has a length of its own
		return float64(count) * usual
	}
	for _, flag := range []byte{0x01, 0x04} { // an offset, flags of the first one
		if b[3]&flag != 0 {
			at += 4
		}
	}
	size := int64(0)
	for _, flag := range []byte{0x01, 0x02, 0x04, 0x08} { // length, size, flags, offset
		if b[2]&flag != 0 {
			size += 4
		}
	}
	for count > 0 {
		some := min(count, int64(len(m.buffer))/size)
		n, err := box.ReadAt(m.buffer[:some*size], at)
		for entries := m.buffer[:int64(n)/size*size]; len(entries) > 0; entries = entries[size:] {
			length += float64(binary.BigEndian.Uint32(entries))
		}
		if err != nil {
			break
		}
		count, at = count-some, at+some*size
	}
	return length
}
