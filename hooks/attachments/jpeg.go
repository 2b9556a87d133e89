package attachments

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The markers of JPEG (ITU-T T.81, table B.1) that matter here.
const (
	markSOI   = 0xd8
	markEOI   = 0xd9
	markSOS   = 0xda
	markAPP0  = 0xe0 // JFIF: the density
	markAPP1  = 0xe1 // EXIF and XMP
	markAPP2  = 0xe2 // a colour profile, among others
	markAPP14 = 0xee // Adobe: how colours are encoded
	markAPP15 = 0xef
	markCOM   = 0xfe
)

// maxScans bounds the scans of a progressive picture, each of which costs as much as all of it. Cameras and programs
// write about ten.
const maxScans = 50

const profileHead = "ICC_PROFILE\x00"

// cleanJPEG copies a picture without the segments that don't change how it looks, and nothing after its end.
func cleanJPEG(data []byte) ([]byte, int, error) {
	kept := make([]byte, 0, len(data))
	orientation, scans := 1, 0
	ended, err := walkJPEG(data, func(mark byte, segment []byte) error {
		content := segment[min(4, len(segment)):]
		switch {
		case mark == markAPP1 && bytes.HasPrefix(content, []byte("Exif\x00\x00")):
			if orientation == 1 {
				orientation = orientationOf(content[6:])
			}
			return nil
		case mark == markAPP0 && bytes.HasPrefix(content, []byte("JFIF\x00")):
			if len(content) < 14 {
				return nil
			}
			plain := append([]byte{}, segment[:18]...) // without its own thumbnail
			plain[2], plain[3], plain[16], plain[17] = 0, 16, 0, 0
			kept = append(kept, plain...)
			return nil
		case mark == markAPP2 && bytes.HasPrefix(content, []byte(profileHead)), mark == markAPP14:
		case mark >= markAPP0 && mark <= markAPP15, mark == markCOM:
			return nil
		case mark == markSOS:
			if scans++; scans > maxScans {
				return fmt.Errorf("%w: too many scans", errDamaged)
			}
		}
		kept = append(kept, segment...)
		return nil
	})
	if err == nil && !ended {
		err = fmt.Errorf("%w: it has no end", errDamaged)
	}
	return kept, orientation, err
}

// walkJPEG calls a function for each segment of a picture, with its marker; that of a scan includes the data after it.
// It returns whether the picture has an end.
func walkJPEG(data []byte, each func(mark byte, segment []byte) error) (ended bool, err error) {
	if !bytes.HasPrefix(data, []byte{0xff, markSOI}) {
		return false, errDamaged
	}
	if err := each(markSOI, data[:2]); err != nil {
		return false, err
	}
	for at := 2; at+2 <= len(data); {
		if data[at] != 0xff {
			return false, fmt.Errorf("%w: no marker at %d", errDamaged, at)
		}
		mark := data[at+1]
		switch {
		case mark == 0xff: // a fill byte
			at++
			continue
		case mark == markEOI:
			return true, each(mark, data[at:at+2])
		case at+4 > len(data):
			return false, errDamaged
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if end > len(data) || end < at+4 {
			return false, errDamaged
		}
		if mark == markSOS {
			end = endOfScan(data, end)
		}
		if err := each(mark, data[at:end]); err != nil {
			return false, err
		}
		at = end
	}
	return false, nil
}

// endOfScan finds the marker after the data of a scan, in which FF is followed by a zero or a restart marker.
func endOfScan(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		next := data[at+1]
		if data[at] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return at
		}
	}
	return len(data)
}

// colourProfile returns the segments with the colour profile of a picture.
func colourProfile(data []byte) (segments []byte) {
	_, err := walkJPEG(data, func(mark byte, segment []byte) error {
		if mark == markAPP2 && bytes.HasPrefix(segment[4:], []byte(profileHead)) {
			segments = append(segments, segment...)
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return segments
}

// withProfile returns a picture that begins with the segments of a colour profile.
func withProfile(picture, segments []byte) []byte {
	all := append([]byte{}, picture[:2]...)
	return append(append(all, segments...), picture[2:]...)
}
