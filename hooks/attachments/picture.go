package attachments

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime/debug"

	_ "golang.org/x/image/webp" // so that image.Decode reads it

	_ "image/gif"
)

// maxPixels is how large a picture may be: more than the cameras of phones usually take. Decoded, a PNG of this size takes
// 200 MB, a progressive JPEG 300 MB. One with 16 bits for each colour takes twice as much, and may have half as many.
const maxPixels = 50_000_000

// largePixels is from when on the memory of a picture is collected before the next one is decoded.
const largePixels = 8_000_000

// thumbnailSide is the longer side of a thumbnail in pixels: a bubble of the client on a dense screen.
const thumbnailSide = 640

// jpegQuality is that of pictures that have to be turned, and of thumbnails.
const (
	jpegQuality      = 90
	thumbnailQuality = 80
)

// errDamaged says that a picture isn't as its format asks for.
var errDamaged = errors.New("damaged picture")

// preparePicture removes what a picture says about its place and camera, turns it as its camera was held, and makes a
// thumbnail. Few pictures are decoded at the same time. Without need they aren't encoded again: what browsers show
// stays byte for byte.
func (s *Service) preparePicture(ctx context.Context, p *prepared) error {
	select {
	case s.pictures <- struct{}{}:
		defer func() { <-s.pictures }()
	case <-ctx.Done():
		return ctx.Err()
	}
	data, err := os.ReadFile(p.path)
	if err != nil {
		return err
	}
	cleaned, err := clean(data, p.Type)
	if err != nil {
		return refusalOf(err)
	}
	folder := filepath.Dir(p.path)
	p.path = filepath.Join(folder, "picture")
	p.Type, p.Width, p.Height = cleaned.kind, cleaned.width, cleaned.height
	if p.Width*p.Height > largePixels {
		debug.FreeOSMemory() // otherwise two of them are there at a time, which a small machine doesn't have room for
	}
	if err := os.WriteFile(p.path, cleaned.data, 0o600); err != nil {
		return err
	}
	if cleaned.thumbnail == nil {
		return nil
	}
	p.thumbnail = filepath.Join(folder, "small"+cleaned.thumbnailExtension)
	return os.WriteFile(p.thumbnail, cleaned.thumbnail, 0o600)
}

func refusalOf(err error) error {
	if errors.Is(err, errDamaged) {
		return errors.Join(ErrDamaged, err)
	}
	return err
}

// cleaned is a picture without metadata.
type cleaned struct {
	data          []byte
	kind          string
	width, height int

	thumbnail          []byte // nil for none
	thumbnailExtension string
}

// cleaners remove the metadata of each format, and report the orientation that it has.
var cleaners = map[string]func([]byte) (cleaned []byte, orientation int, err error){
	"image/jpeg": cleanJPEG, "image/png": cleanPNG, "image/gif": cleanGIF, "image/webp": cleanWebP,
}

// clean cleans a picture. The decoders are of others, so a panic counts as damage.
func clean(data []byte, kind string) (c cleaned, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: panic: %v\n%s", errDamaged, r, debug.Stack())
		}
	}()
	header, _, err := image.DecodeConfig(bytes.NewReader(data))
	most := maxPixels
	if header.ColorModel == color.NRGBA64Model || header.ColorModel == color.RGBA64Model {
		most /= 2
	}
	switch {
	case err != nil:
		return c, fmt.Errorf("%w: %w", errDamaged, err)
	case header.Width <= 0 || header.Height <= 0:
		return c, errDamaged
	case header.Width > most/header.Height:
		return c, ErrTooManyPixels
	}
	stripped, orientation, err := cleaners[kind](data)
	if err != nil {
		return c, err
	}
	c = cleaned{data: stripped, kind: kind, width: header.Width, height: header.Height}
	picture, _, err := image.Decode(bytes.NewReader(stripped))
	if err != nil && kind == "image/webp" && isAnimatedWebP(stripped) { // which the decoder doesn't know
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if orientation > 1 {
		if err := c.turn(picture, orientation); err != nil {
			return c, err
		}
	}
	return c, c.makeThumbnail(picture, orientation)
}

// turn encodes the picture as it is to be seen. There is no encoder of WebP, so that one becomes a JPEG or PNG.
func (c *cleaned) turn(picture image.Image, orientation int) error {
	turned := oriented{picture, orientation}
	c.width, c.height = turned.Bounds().Dx(), turned.Bounds().Dy()
	var encoded bytes.Buffer
	if c.kind == "image/png" || !isOpaque(picture) {
		c.kind = "image/png"
		err := png.Encode(&encoded, turned)
		c.data = encoded.Bytes()
		return err
	}
	if err := jpeg.Encode(&encoded, turned, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return err
	}
	var profile []byte
	if c.kind == "image/jpeg" && picture.ColorModel() != color.CMYKModel { // it is RGB now
		profile = colourProfile(c.data)
	}
	c.kind, c.data = "image/jpeg", withProfile(encoded.Bytes(), profile)
	return nil
}

func (c *cleaned) makeThumbnail(picture image.Image, orientation int) error {
	small := shrink(picture, thumbnailSide)
	turned := oriented{small, orientation}
	var encoded bytes.Buffer
	var err error
	if small.Opaque() {
		c.thumbnailExtension = ".jpg"
		err = jpeg.Encode(&encoded, turned, &jpeg.Options{Quality: thumbnailQuality})
	} else {
		c.thumbnailExtension = ".png"
		err = png.Encode(&encoded, turned)
	}
	c.thumbnail = encoded.Bytes()
	return err
}

// shrink returns a picture of which the longer side is at most so many pixels: each is the average of those that it
// replaces. It takes no memory but that of the small one, and no goroutine, whose panic nobody would recover from.
func shrink(picture image.Image, side int) *image.NRGBA {
	b := picture.Bounds()
	width, height := b.Dx(), b.Dy()
	if longer := max(width, height); longer > side {
		width, height = max(1, width*side/longer), max(1, height*side/longer)
	}
	small := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		top, bottom := b.Min.Y+y*b.Dy()/height, b.Min.Y+(y+1)*b.Dy()/height
		for x := range width {
			left, right := b.Min.X+x*b.Dx()/width, b.Min.X+(x+1)*b.Dx()/width
			small.Set(x, y, average(picture, image.Rect(left, top, right, bottom)))
		}
	}
	return small
}

// average returns the average colour of an area, of which it samples at most some hundred points.
func average(picture image.Image, area image.Rectangle) color.RGBA64 {
	const points = 10 // in each direction
	var r, g, b, a, n uint64
	across, down := max(1, area.Dx()/points), max(1, area.Dy()/points)
	for y := area.Min.Y; y < area.Max.Y; y += down {
		for x := area.Min.X; x < area.Max.X; x += across {
			c := colourAt(picture, x, y)
			r, g, b, a, n = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A), n+1
		}
	}
	return color.RGBA64{uint16(r / n), uint16(g / n), uint16(b / n), uint16(a / n)}
}

// colourAt is At without an allocation, where the picture has that.
func colourAt(picture image.Image, x, y int) color.RGBA64 {
	if quick, ok := picture.(image.RGBA64Image); ok {
		return quick.RGBA64At(x, y)
	}
	return color.RGBA64Model.Convert(picture.At(x, y)).(color.RGBA64)
}

func isOpaque(picture image.Image) bool {
	o, ok := picture.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// oriented is a picture turned as EXIF's orientation (1 to 8) says. It is a view: a copy would take as much memory
// again.
type oriented struct {
	image.Image
	orientation int
}

// Bounds has the sides of the turned picture, from (0, 0) on.
func (o oriented) Bounds() image.Rectangle {
	b := o.Image.Bounds()
	if o.orientation >= 5 { // on its side
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At returns the colour of a point of the turned picture.
func (o oriented) At(x, y int) color.Color {
	b := o.Image.Bounds()
	right, bottom := b.Dx()-1, b.Dy()-1
	switch o.orientation {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, bottom-y
	case 4:
		y = bottom - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, bottom-x
	case 7:
		x, y = right-y, bottom-x
	case 8:
		x, y = right-y, x
	}
	return o.Image.At(b.Min.X+x, b.Min.Y+y)
}

// Opaque lets png.Encode leave the transparency out.
func (o oriented) Opaque() bool { return isOpaque(o.Image) }
