package attachments

import "encoding/binary"

// orientationOf returns the orientation that an EXIF block (a TIFF file) has, 1 if it has none that is valid.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	const entry, orientationTag, short = 12, 0x0112, 3
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		start := at + 2 + i*entry
		if start+entry > int64(len(tiff)) {
			return 1
		}
		field := tiff[start : start+entry]
		if order.Uint16(field) != orientationTag || order.Uint16(field[2:]) != short {
			continue
		}
		if value := int(order.Uint16(field[8:])); value >= 1 && value <= 8 {
			return value
		}
		return 1
	}
	return 1
}
