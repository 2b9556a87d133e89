package attachments

import (
	"encoding/binary"
	"io"
)

// wavDuration divides the length of the data by the bytes of a second.
func wavDuration(file io.ReaderAt) float64 {
	var head [12]byte
	rate := 0.0
	const maxChunks = 1000
	for at, i := int64(12), 0; i < maxChunks; i++ {
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

// flacDuration reads the first block of a FLAC file (RFC 9639, 8.2).
func flacDuration(file io.ReaderAt) float64 {
	var b [26]byte
	if _, err := file.ReadAt(b[:], 0); err != nil || string(b[:4]) != "fLaC" || b[4]&0x7f != 0 {
		return 0
	}
	packed := binary.BigEndian.Uint64(b[18:]) // 20 bits of rate, 3 of channels, 5 of depth, 36 of samples
	return seconds(float64(packed&(1<<36-1)), float64(packed>>44))
}
