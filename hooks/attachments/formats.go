package attachments

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// keptChunks are the chunks of a PNG (third edition) that change how it looks, with those of animations. All others,
// such as texts, times and EXIF, are left out.
var keptChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true,
	"sRGB": true, "cICP": true, "bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true,
}

// cleanPNG copies a picture without other chunks, and nothing after its end.
func cleanPNG(data []byte) ([]byte, int, error) {
	if !bytes.HasPrefix(data, []byte(pngSignature)) {
		return nil, 1, errDamaged
	}
	kept, orientation := append(make([]byte, 0, len(data)), pngSignature...), 1
	const frame = 12 // length, type and checksum
	for at := len(pngSignature); at+frame <= len(data); {
		length := int64(binary.BigEndian.Uint32(data[at:]))
		end := int64(at) + frame + length
		if end > int64(len(data)) {
			break
		}
		name, chunk := string(data[at+4:at+8]), data[at:end]
		if name == "eXIf" && orientation == 1 {
			orientation = orientationOf(chunk[8 : 8+length])
		}
		if keptChunks[name] {
			kept = append(kept, chunk...)
		}
		if name == "IEND" {
			return kept, orientation, nil
		}
		at = int(end)
	}
	return nil, 1, fmt.Errorf("%w: it has no end", errDamaged)
}

// cleanGIF copies a picture (GIF89a) with its animation, without comments and the extensions of programs, and nothing
// after its end.
func cleanGIF(data []byte) ([]byte, int, error) {
	const head = 13 // signature and screen
	if len(data) < head {
		return nil, 1, errDamaged
	}
	at := head + colourTable(data[10])
	if at > len(data) {
		return nil, 1, errDamaged
	}
	kept := append(make([]byte, 0, len(data)), data[:at]...)
	for at < len(data) {
		block, isKept, err := gifBlock(data[at:])
		if err != nil {
			return nil, 1, err
		}
		if isKept {
			kept = append(kept, data[at:at+block]...)
		}
		if data[at] == 0x3b { // the end
			return kept, 1, nil
		}
		at += block
	}
	return nil, 1, fmt.Errorf("%w: it has no end", errDamaged)
}

// colourTable returns the length of the colour table that flags announce.
func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifBlock returns the length of the block at the beginning, and whether it matters.
func gifBlock(data []byte) (length int, isKept bool, err error) {
	switch data[0] {
	case 0x3b:
		return 1, true, nil
	case 0x2c: // a picture: its place, its colours, the size of codes, and its data
		if len(data) < 11 {
			return 0, false, errDamaged
		}
		length, err = subBlocks(data, 11+colourTable(data[9]))
		return length, true, err
	case 0x21:
		if len(data) < 3 {
			return 0, false, errDamaged
		}
		length, err = subBlocks(data, 2)
		isControl := data[1] == 0xf9
		isLoop := data[1] == 0xff && (bytes.HasPrefix(data[2:], []byte("\x0bNETSCAPE2.0\x03\x01")) || bytes.HasPrefix(data[2:], []byte("\x0bANIMEXTS1.0\x03\x01")))
		return length, isControl || isLoop, err
	}
	return 0, false, fmt.Errorf("%w: an unknown block", errDamaged)
}

// subBlocks returns where the sub-blocks that begin at a place end.
func subBlocks(data []byte, at int) (end int, err error) {
	for at < len(data) {
		size := int(data[at])
		at += 1 + size
		if size == 0 {
			return at, nil
		}
	}
	return 0, errDamaged
}

// keptWebP are the chunks of a WebP file that change how it looks.
var keptWebP = map[string]bool{"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true}

// The flags of VP8X.
const (
	webpXMP       = 0x04
	webpEXIF      = 0x08
	webpAnimation = 0x02
)

// cleanWebP copies a picture without other chunks, and nothing after its end.
func cleanWebP(data []byte) ([]byte, int, error) {
	const head = 12
	if len(data) < head || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return nil, 1, errDamaged
	}
	length := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if length > int64(len(data)) {
		return nil, 1, fmt.Errorf("%w: it has no end", errDamaged)
	}
	chunks, orientation, err := webpChunks(data[head:length])
	if err != nil {
		return nil, 1, err
	}
	kept := append(append(make([]byte, 0, len(data)), data[:head]...), chunks...)
	binary.LittleEndian.PutUint32(kept[4:], uint32(len(kept)-8))
	return kept, orientation, nil
}

func webpChunks(data []byte) (kept []byte, orientation int, err error) {
	orientation = 1
	const frame = 8 // type and length
	for at := int64(0); at+frame <= int64(len(data)); {
		length := int64(binary.LittleEndian.Uint32(data[at+4:]))
		end := at + frame + length
		if end > int64(len(data)) {
			return nil, 1, errDamaged
		}
		name, content := string(data[at:at+4]), data[at+frame:end]
		switch {
		case name == "EXIF":
			orientation = orientationOf(bytes.TrimPrefix(content, []byte("Exif\x00\x00")))
		case keptWebP[name]:
			chunk := append([]byte{}, data[at:end]...)
			if name == "VP8X" && length > 0 {
				chunk[frame] &^= webpXMP | webpEXIF
			}
			if kept = append(kept, chunk...); length%2 == 1 {
				kept = append(kept, 0)
			}
		}
		at = end + length%2
	}
	return kept, orientation, nil
}

func isAnimatedWebP(data []byte) bool {
	const flags = 20
	return len(data) > flags && string(data[12:16]) == "VP8X" && data[flags]&webpAnimation != 0
}
