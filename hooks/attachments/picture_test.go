package attachments

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// secret is in the metadata of every picture of these tests.
const secret = "48.8566N 2.3522E Fairphone"

// photo is a picture whose four corners differ: red, green, blue and white, from the top left, clockwise.
func photo(width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{255, 0, 0, 255}
			switch right, below := x >= width/2, y >= height/2; {
			case right && !below:
				c = color.RGBA{0, 255, 0, 255}
			case right && below:
				c = color.RGBA{0, 0, 255, 255}
			case below:
				c = color.RGBA{255, 255, 255, 255}
			}
			picture.Set(x, y, c)
		}
	}
	return picture
}

// exif is a TIFF file with an orientation, and the secret after it.
func exif(orientation uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(tiff[18:], orientation)
	return append(tiff, secret...)
}

func segment(mark byte, content []byte) []byte {
	head := []byte{0xff, mark, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(content)+2))
	return append(head, content...)
}

func asJPEG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegments puts segments after the beginning of a JPEG.
func withSegments(picture []byte, segments ...[]byte) []byte {
	return withProfile(picture, bytes.Join(segments, nil))
}

func chunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunks puts chunks before the end of a PNG.
func withChunks(picture []byte, chunks ...[]byte) []byte {
	end := len(picture) - 12
	return bytes.Join([][]byte{picture[:end], bytes.Join(chunks, nil), picture[end:]}, nil)
}

func decoded(t *testing.T, data []byte) image.Image {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// corners names the colours of the corners, from the top left, clockwise.
func corners(picture image.Image) string {
	b := picture.Bounds()
	var names strings.Builder
	for _, at := range []image.Point{{b.Min.X + 2, b.Min.Y + 2}, {b.Max.X - 3, b.Min.Y + 2}, {b.Max.X - 3, b.Max.Y - 3}, {b.Min.X + 2, b.Max.Y - 3}} {
		r, g, b, _ := picture.At(at.X, at.Y).RGBA()
		switch {
		case r > 0xb000 && g > 0xb000 && b > 0xb000:
			names.WriteByte('w')
		case r > 0xb000:
			names.WriteByte('r')
		case g > 0xb000:
			names.WriteByte('g')
		case b > 0xb000:
			names.WriteByte('b')
		default:
			names.WriteByte('?')
		}
	}
	return names.String()
}

func TestClean_turnsPhotosAsTheyWereHeld(t *testing.T) {
	for orientation, want := range map[uint16]string{
		1: "rgbw", 2: "grwb", 3: "bwrg", 4: "wbgr", 5: "rwbg", 6: "wrgb", 7: "bgrw", 8: "gbwr", 9: "rgbw", 0: "rgbw",
	} {
		for kind, data := range map[string][]byte{
			"image/jpeg": withSegments(asJPEG(t, photo(64, 32)), segment(markAPP1, append([]byte("Exif\x00\x00"), exif(orientation)...))),
			"image/png":  withChunks(asPNG(t, photo(64, 32)), chunk("eXIf", exif(orientation))),
		} {
			c, err := clean(data, kind)
			if err != nil {
				t.Fatalf("%s, %d: %v", kind, orientation, err)
			}
			picture := decoded(t, c.data)
			if got := corners(picture); got != want || c.kind != kind {
				t.Errorf("%s with orientation %d: the corners are %s, want %s (%s)", kind, orientation, got, want, c.kind)
			}
			if got := corners(decoded(t, c.thumbnail)); got != want {
				t.Errorf("%s with orientation %d: the corners of the thumbnail are %s, want %s", kind, orientation, got, want)
			}
			wide, high := 64, 32
			if orientation >= 5 && orientation <= 8 {
				wide, high = 32, 64
			}
			if size := picture.Bounds().Size(); c.width != wide || c.height != high || size.X != wide || size.Y != high {
				t.Errorf("%s with orientation %d: %d by %d, and it says %d by %d", kind, orientation, size.X, size.Y, c.width, c.height)
			}
			if bytes.Contains(c.data, []byte(secret)) || bytes.Contains(c.thumbnail, []byte(secret)) {
				t.Errorf("%s with orientation %d still says where it was taken", kind, orientation)
			}
		}
	}
}

// animation is a GIF of two frames.
func animation(t *testing.T) []byte {
	t.Helper()
	frame := func(c color.Color) *image.Paletted {
		return image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{c, color.Black})
	}
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(color.White), frame(color.RGBA{255, 0, 0, 255})}, Delay: []int{10, 20}, LoopCount: 3})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// still is a WebP of one pixel, lossless; riff puts chunks around it.
var still = []byte("\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07")

func riff(chunks ...[]byte) []byte {
	all := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(all))), all...)
}

func webpChunk(name string, content []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content))), content...)
	if len(content)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func TestClean_removesAllThatDoesNotShow(t *testing.T) {
	hidden := []byte(secret)
	gifComment := append([]byte{0x21, 0xfe, byte(len(hidden))}, append(hidden, 0)...)
	gifXMP := append([]byte("\x21\xff\x0bXMP DataXMP"), append([]byte{byte(len(hidden))}, append(hidden, 0)...)...)
	moving := animation(t)
	behindHead := 13 + colourTable(moving[10])
	extended := webpChunk("VP8X", []byte{webpEXIF | webpXMP, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	for name, c := range map[string]struct {
		kind string
		data []byte
	}{
		"JPEG": {"image/jpeg", withSegments(asJPEG(t, photo(16, 16)), segment(markCOM, hidden), segment(markAPP1, append([]byte("http://ns.adobe.com/xap/1.0/\x00"), hidden...)),
			segment(0xed, append([]byte("Photoshop 3.0\x00"), hidden...)), segment(markAPP2, append([]byte("MPF\x00"), hidden...)))},
		"JPEG with a tail": {"image/jpeg", append(asJPEG(t, photo(16, 16)), "<script>"+secret+"</script>"...)},
		"PNG":              {"image/png", withChunks(asPNG(t, photo(16, 16)), chunk("tEXt", hidden), chunk("iTXt", hidden), chunk("tIME", hidden), chunk("abCd", hidden))},
		"PNG with a tail":  {"image/png", append(asPNG(t, photo(16, 16)), "PK\x03\x04"+secret...)},
		"GIF":              {"image/gif", bytes.Join([][]byte{moving[:behindHead], gifComment, gifXMP, moving[behindHead:]}, nil)},
		"GIF with a tail":  {"image/gif", append(animation(t), secret...)},
		"WebP":             {"image/webp", riff(extended, webpChunk("VP8L", still), webpChunk("EXIF", exif(1)), webpChunk("XMP ", hidden))},
		"WebP with a tail": {"image/webp", append(riff(webpChunk("VP8L", still)), secret...)},
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(c.data, hidden) {
				t.Fatal("the test has hidden nothing")
			}
			got, err := clean(c.data, c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(got.data, hidden) || bytes.Contains(got.thumbnail, hidden) {
				t.Error("it is still there")
			}
			decoded(t, got.data)
		})
	}
}

func TestClean_keepsAnimationsAndProfiles(t *testing.T) {
	c, err := clean(animation(t), "image/gif")
	if err != nil {
		t.Fatal(err)
	}
	moving, err := gif.DecodeAll(bytes.NewReader(c.data))
	if err != nil || len(moving.Image) != 2 || moving.LoopCount != 3 || moving.Delay[1] != 20 {
		t.Errorf("%v: %+v", err, moving)
	}
	profile := segment(markAPP2, []byte(profileHead+"\x01\x01display"))
	turned := segment(markAPP1, append([]byte("Exif\x00\x00"), exif(6)...))
	for name, data := range map[string][]byte{"straight": withSegments(asJPEG(t, photo(16, 16)), profile), "turned": withSegments(asJPEG(t, photo(16, 16)), turned, profile)} {
		if c, err := clean(data, "image/jpeg"); err != nil || !bytes.Contains(c.data, profile) {
			t.Errorf("%s: the colours have no profile (%v)", name, err)
		}
	}
	plain := asJPEG(t, photo(16, 16))
	if c, err := clean(plain, "image/jpeg"); err != nil || !bytes.Equal(c.data, plain) {
		t.Errorf("what needs no cleaning has changed (%v)", err)
	}
}

func TestClean_takesUnusualColours(t *testing.T) {
	bounds := image.Rect(0, 0, 8, 8)
	for name, picture := range map[string]image.Image{
		"grey": image.NewGray(bounds), "grey of 16 bits": image.NewGray16(bounds), "16 bits": image.NewNRGBA64(bounds), "a palette": image.NewPaletted(bounds, color.Palette{color.Black, color.Transparent}),
		"transparent": image.NewNRGBA(bounds), "one pixel": image.NewGray(image.Rect(0, 0, 1, 1)), "a line": image.NewGray(image.Rect(0, 0, 3000, 1)),
	} {
		c, err := clean(asPNG(t, picture), "image/png")
		if err != nil || c.thumbnail == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if size := decoded(t, c.thumbnail).Bounds().Size(); size.X > thumbnailSide || size.Y > thumbnailSide {
			t.Errorf("%s: the thumbnail is %v", name, size)
		}
	}
	if c, err := clean(cmyk(t), "image/jpeg"); err != nil || c.thumbnail == nil {
		t.Errorf("CMYK: %v", err)
	}
}

// cmyk makes a grey JPEG one of four components without tables of their own, as printers want it.
func cmyk(t *testing.T) []byte {
	t.Helper()
	data := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	out := []byte{}
	adobe := segment(markAPP14, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))
	_, err := walkJPEG(data, func(mark byte, s []byte) error {
		switch mark {
		case 0xc0:
			s = segment(mark, append([]byte{8, 0, 8, 0, 8, 4}, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0))
		case markSOS: // a block of each component: no difference (00), and no more (1010)
			s = append(segment(mark, []byte{4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0}), 0b001010_00, 0b1010_0010, 0b10_001010)
		}
		if out = append(out, s...); mark == markSOI {
			out = append(out, adobe...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestClean_refusesWhatIsDamagedOrTooLarge(t *testing.T) {
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	head := append([]byte{}, huge[12:29]...) // IHDR with its name
	binary.BigEndian.PutUint32(head[4:], 20_000)
	binary.BigEndian.PutUint32(head[8:], 20_000)
	huge = bytes.Join([][]byte{huge[:8], chunk("IHDR", head[4:17]), huge[33:]}, nil)
	if _, err := clean(huge, "image/png"); !errors.Is(err, ErrTooManyPixels) {
		t.Errorf("400 megapixels: %v", err)
	}
	binary.BigEndian.PutUint32(head[4:], 6000)
	binary.BigEndian.PutUint32(head[8:], 6000)
	for colours, want := range map[[2]byte]error{{8, 6}: errDamaged, {16, 6}: ErrTooManyPixels, {16, 2}: ErrTooManyPixels} { // bits, kind
		copy(head[12:], colours[:])
		if _, err := clean(bytes.Join([][]byte{huge[:8], chunk("IHDR", head[4:17]), huge[33:]}, nil), "image/png"); !errors.Is(err, want) {
			t.Errorf("36 megapixels of %d bits, kind %d: %v", colours[0], colours[1], err)
		}
	}
	wide := append([]byte{}, animation(t)...)
	binary.LittleEndian.PutUint16(wide[6:], 65535)
	binary.LittleEndian.PutUint16(wide[8:], 65535)
	if _, err := clean(wide, "image/gif"); !errors.Is(err, ErrTooManyPixels) {
		t.Errorf("4 gigapixels: %v", err)
	}
	whole := map[string][]byte{"image/jpeg": asJPEG(t, photo(32, 32)), "image/png": asPNG(t, photo(32, 32)), "image/gif": animation(t), "image/webp": riff(webpChunk("VP8L", still))}
	for kind, data := range whole {
		if _, err := clean(data, kind); err != nil {
			t.Errorf("%s, whole: %v", kind, err)
		}
		for cut := range len(data) {
			if _, err := clean(data[:cut], kind); !errors.Is(err, errDamaged) {
				t.Errorf("%s, %d of %d bytes: %v", kind, cut, len(data), err)
				break
			}
		}
	}
	scans := whole["image/jpeg"]
	for range maxScans + 1 {
		scans = withSegments(scans, segment(markSOS, []byte{1, 1, 0, 0, 63, 0}))
	}
	if _, err := clean(scans, "image/jpeg"); !errors.Is(err, errDamaged) {
		t.Errorf("many scans: %v", err)
	}
}

// Whatever the bytes are, cleaning ends, and what it returns can be read.
func FuzzClean(f *testing.F) {
	t := &testing.T{}
	f.Add(asJPEG(t, photo(8, 8)))
	f.Add(asPNG(t, photo(8, 8)))
	f.Add(animation(t))
	f.Add(riff(webpChunk("VP8L", still)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for kind := range cleaners {
			c, err := clean(data, kind)
			if err != nil {
				continue
			}
			if again, err := clean(c.data, c.kind); err != nil || again.width != c.width || again.height != c.height {
				t.Errorf("%s, cleaned again: %v", kind, err)
			}
		}
	})
}
