package attachments

import (
	"encoding/binary"
	"io"
	"os"
)

// measure returns what a sound or a film says about its length, in seconds, and its size: 0 for what isn't known.
// Clients show it before they load the file.
func measure(path, kind string) (duration float64, width, height int) {
	file, err := os.Open(path)
	if err != nil {
		return 0, 0, 0
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return 0, 0, 0
	}
	switch kind {
	case "audio/mp4", "video/mp4", "video/quicktime":
		var m movie
		m.read(file, 0, info.Size(), 0)
		return m.duration, m.width, m.height
	case "audio/wav":
		return wavDuration(file), 0, 0
	}
	return 0, 0, 0
}

// movie is what the boxes of an ISO media file (ISO/IEC 14496-12) say.
type movie struct {
	duration      float64
	width, height int
	boxes         int
}

// The bounds of what is read of a file: ordinary ones have some dozens of boxes.
const (
	maxBoxes = 1000
	maxDepth = 4
)

func (m *movie) read(file io.ReaderAt, from, to int64, depth int) {
	var head [16]byte
	for at := from; at+8 <= to && m.boxes < maxBoxes; m.boxes++ {
		if _, err := file.ReadAt(head[:8], at); err != nil {
			return
		}
		size, start := int64(binary.BigEndian.Uint32(head[:])), at+8
		switch size {
		case 1: // 64 bits
			if _, err := file.ReadAt(head[8:16], at+8); err != nil {
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
		switch string(head[4:8]) {
		case "moov", "trak":
			if depth < maxDepth {
				m.read(file, start, end, depth+1)
			}
		case "mvhd":
			m.duration = mvhdDuration(file, start)
		case "tkhd":
			m.trackSize(file, start, end)
		}
		at = end
	}
}

// mvhdDuration reads a movie header (8.2.2).
func mvhdDuration(file io.ReaderAt, start int64) float64 {
	var b [32]byte
	if _, err := file.ReadAt(b[:], start); err != nil {
		return 0
	}
	scale, length := binary.BigEndian.Uint32(b[12:]), uint64(binary.BigEndian.Uint32(b[16:]))
	if b[0] == 1 {
		scale, length = binary.BigEndian.Uint32(b[20:]), binary.BigEndian.Uint64(b[24:])
	}
	return seconds(float64(length), float64(scale))
}

// trackSize reads the last eight bytes of a track header (8.3.2), which are zero for sounds.
func (m *movie) trackSize(file io.ReaderAt, start, end int64) {
	var b [8]byte
	if end-start < 84 {
		return
	}
	if _, err := file.ReadAt(b[:], end-8); err != nil {
		return
	}
	width, height := int(binary.BigEndian.Uint16(b[0:])), int(binary.BigEndian.Uint16(b[4:]))
	if width*height > m.width*m.height {
		m.width, m.height = width, height
	}
}

// wavDuration divides the length of the data by the bytes of a second.
func wavDuration(file io.ReaderAt) float64 {
	var head [12]byte
	rate := 0.0
	for at, i := int64(12), 0; i < maxBoxes; i++ {
		if _, err := file.ReadAt(head[:8], at); err != nil {
			return 0
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			if _, err := file.ReadAt(head[:12], at+8); err != nil {
				return 0
			}
			rate = float64(binary.LittleEndian.Uint32(head[8:]))
		case "data":
			return seconds(float64(size), rate)
		}
		at += 8 + size + size%2
	}
	return 0
}

// maxSeconds is longer than any file of the allowed size: a wrong header says more.
const maxSeconds = 48 * 3600

// seconds divides, to milliseconds; 0 for nonsense.
func seconds(length, scale float64) float64 {
	if scale <= 0 || length/scale > maxSeconds {
		return 0
	}
	return float64(int64(length/scale*1000)) / 1000
}
