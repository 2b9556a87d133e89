package attachments

import "bytes"

// frame is a frame of an MPEG sound: its length in bytes with its header, and that of its sound.
type frame struct {
	size    int64
	samples float64
	rate    float64 // samples per second
}

// mpegDuration adds up the frames of an MP3 file (ISO/IEC 11172-3 and 13818-3), after the texts and pictures that may
// stand before them.
func mpegDuration(s *stream) float64 {
	skipID3(s)
	return addFrames(s, mpegFrame)
}

// adtsDuration adds up the frames of AAC in ADTS (ISO/IEC 13818-7, 6.2).
func adtsDuration(s *stream) float64 {
	skipID3(s)
	return addFrames(s, adtsFrame)
}

// skipID3 skips texts and pictures before a sound (ID3v2, 3.1).
func skipID3(s *stream) {
	for {
		b := s.peek(10)
		if len(b) < 10 || string(b[:3]) != "ID3" {
			return
		}
		size := int64(b[6]&0x7f)<<21 | int64(b[7]&0x7f)<<14 | int64(b[8]&0x7f)<<7 | int64(b[9]&0x7f)
		if b[5]&0x10 != 0 { // another head at the end
			size += 10
		}
		if !s.skip(10 + size) {
			return
		}
	}
}

// maxLost is how many bytes that are no frame are passed over in a file.
const maxLost = 64 << 10

// headLength is more than the first bytes of a frame that are read.
const headLength = 40

func addFrames(s *stream, read func(head []byte) (frame, bool)) (duration float64) {
	for lost := 0; lost < maxLost; {
		head := s.peek(headLength)
		if len(head) < 7 {
			break
		}
		f, ok := read(head)
		if !ok {
			lost++
			s.skip(1)
			continue
		}
		duration += f.samples / f.rate
		if !s.skip(f.size) {
			break
		}
	}
	return seconds(duration, 1)
}

// kilobits are the rates of MPEG-1 in layers I, II and III, and of MPEG-2 in layers I and in II and III.
var kilobits = [5][16]int64{
	{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

var mpegRates = [4]int64{44_100, 48_000, 32_000}

func mpegFrame(b []byte) (frame, bool) {
	version, layer := b[1]>>3&3, int64(4-b[1]>>1&3) // version 3 is 1, 2 is 2, and 0 is 2.5
	rate := mpegRates[b[2]>>2&3]
	if b[0] != 0xff || b[1]&0xe0 != 0xe0 || version == 1 || layer == 4 || rate == 0 {
		return frame{}, false
	}
	row, samples := layer-1, [...]int64{384, 1152, 1152}[layer-1]
	if version != 3 {
		row = min(layer+2, 4)
		rate >>= 1
		if layer == 3 {
			samples = 576
		}
	}
	if version == 0 {
		rate >>= 1
	}
	bits, padding := kilobits[row][b[2]>>4]*1000, int64(b[2]>>1&1)
	if bits == 0 {
		return frame{}, false
	}
	size := samples/8*bits/rate + padding
	if layer == 1 {
		size = (12*bits/rate + padding) * 4
	}
	f := frame{size, float64(samples), float64(rate)}
	if bytes.Contains(b[4:], []byte("Xing")) || bytes.Contains(b[4:], []byte("Info")) {
		f.samples = 0 // a table of the others, and silent
	}
	return f, true
}

var adtsRates = [16]float64{96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350}

func adtsFrame(b []byte) (frame, bool) {
	rate := adtsRates[b[2]>>2&15]
	size := int64(b[3]&3)<<11 | int64(b[4])<<3 | int64(b[5]>>5)
	if b[0] != 0xff || b[1]&0xf6 != 0xf0 || rate == 0 || size < 7 {
		return frame{}, false
	}
	return frame{size, 1024 * float64(b[6]&3+1), rate}, true
}
