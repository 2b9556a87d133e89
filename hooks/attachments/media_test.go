package attachments

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"messagerie/hooks/config"
)

// sample is one of testdata/sounds: a tone of a second and a half, as encoders and recorders write it.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata/sounds", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestPrepare_tellsHowLongSoundsAndFilmsAre(t *testing.T) {
	s := New(nil, nil, config.Default().Attachments, config.Default().Storage)
	const sound, film = "audio/", "video/"
	for name, c := range map[string]struct {
		kind          string
		stored        string
		width, height int
	}{
		"constant.mp3":  {kind: sound + "mpeg"},
		"variable.mp3":  {kind: sound + "mpeg"},
		"mpeg2.mp3":     {kind: sound + "mpeg"},
		"sound.aac":     {kind: sound + "aac"},
		"opus.ogg":      {kind: sound + "ogg"},
		"vorbis.ogg":    {kind: sound + "ogg"},
		"sound.flac":    {kind: sound + "flac"},
		"complete.webm": {kind: sound + "webm"},
		"live.webm":     {kind: sound + "webm"}, // without a length in its head, as a browser records
		"complete.m4a":  {kind: sound + "mp4"},
		"fragments.mp4": {kind: sound + "mp4", stored: "fragments.m4a"},
		"film.mp4":      {film + "mp4", "", 64, 48},
		"film.mov":      {film + "quicktime", "", 64, 48},
		"film.webm":     {film + "webm", "", 64, 48},
		"film.ogv":      {film + "ogg", "", 64, 48},
		"phone.3gp":     {film + "mp4", "", 128, 96},
	} {
		content := sample(t, name)
		p, err := s.prepare(context.Background(), saved(t, content), name)
		if c.stored == "" {
			c.stored = name
		}
		if err != nil || p.Type != c.kind || p.Name != c.stored || p.Width != c.width || p.Height != c.height || math.Abs(p.Duration-1.5) > 0.1 {
			t.Errorf("%s: %v, %+v", name, err, p.Attachment)
		}
		for cut := 0; cut < len(content); cut += 1 + len(content)/40 { // whatever is missing, it ends, and isn't longer
			if m := measure(saved(t, content[:cut]), c.kind); m.duration > 1.6 {
				t.Errorf("%s takes %v s, cut after %d bytes", name, m.duration, cut)
			}
		}
	}
}

func TestPrepare_takesARecordersSoundWhereFilmsAreRefused(t *testing.T) {
	cfg := config.Default().Attachments
	cfg.Types = slices.DeleteFunc(slices.Clone(cfg.Types), func(group string) bool { return group == "video" })
	s := New(nil, nil, cfg, config.Default().Storage)
	for name, isTaken := range map[string]bool{"live.webm": true, "fragments.mp4": true, "film.webm": false, "film.mp4": false} {
		if _, err := s.prepare(context.Background(), saved(t, sample(t, name)), name); (err == nil) != isTaken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMeasure_ofNonsenseIsNothing(t *testing.T) {
	trun := make([]byte, 8)
	trun[2] = 0x01
	binary.BigEndian.PutUint32(trun[4:], math.MaxUint32) // as many samples as it has not
	endless := bytes.Repeat([]byte{0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1000)
	for name, c := range map[string]struct {
		kind    string
		content []byte
	}{
		"nothing":                        {"audio/mpeg", nil},
		"samples that aren't there":      {"audio/mp4", box("moof", box("traf", box("trun", trun)))},
		"boxes in boxes":                 {"audio/mp4", bytes.Repeat([]byte("\x7f\xff\xff\xffmoov"), 1000)},
		"clusters without an end":        {"audio/webm", endless},
		"a size beyond all files":        {"audio/webm", []byte{0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}},
		"pages without a sound":          {"audio/ogg", bytes.Repeat(append([]byte("OggS"), make([]byte, 23)...), 1000)},
		"texts without an end":           {"audio/mpeg", []byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f")},
		"frames that aren't":             {"audio/aac", bytes.Repeat([]byte{0xff}, 200_000)},
		"a rate of zero":                 {"audio/flac", append([]byte("fLaC\x00\x00\x00\x22"), make([]byte, 34)...)},
		"no samples in a second of wave": {"audio/wav", append([]byte("RIFF\x24\x00\x00\x00WAVE"), append(webpChunk("fmt ", make([]byte, 16)), webpChunk("data", nil)...)...)},
	} {
		if m := measure(saved(t, c.content), c.kind); m != (media{}) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// Junk is read without memory for each part of it, and not to its end.
func TestMeasure_ofJunkTakesLittle(t *testing.T) {
	const parts = 10_000
	trun := box("trun", []byte{0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1})
	page := append(append([]byte("OggS"), make([]byte, 22)...), 1, 0)
	for name, c := range map[string]struct {
		kind string
		part []byte
	}{
		"tracks":   {"video/webm", []byte{0xae, 0x80}},
		"numbers":  {"video/webm", []byte{0x83, 0x81, 0x03}},
		"blocks":   {"video/webm", []byte{0xa3, 0x83, 0x81, 0, 1}},
		"pages":    {"audio/ogg", page},
		"frames":   {"audio/aac", []byte{0xff, 0xf1, 0x50, 0x80, 0, 0xff, 0xfc}},
		"texts":    {"audio/mpeg", []byte{'I', 'D', '3', 4, 0, 0, 0, 0, 0, 0}},
		"segments": {"video/mp4", trun},
	} {
		path := saved(t, bytes.Repeat(c.part, parts))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		measure(path, c.kind)
		runtime.ReadMemStats(&after)
		if each := (after.TotalAlloc - before.TotalAlloc) / parts; each > 200 { // a movie's boxes have a few bytes each
			t.Errorf("each of the %s takes %d bytes", name, each)
		}
		if took := after.Mallocs - before.Mallocs; c.kind != "video/mp4" && took > parts/10 {
			t.Errorf("%d %s take %d allocations", parts, name, took)
		}
	}
}

func TestReadWebM_looksAtSoManyElements(t *testing.T) {
	duration := []byte{0x44, 0x89, 0x84, 0x44, 0xbb, 0x80, 0} // 1500 ticks of a millisecond
	for junk, want := range map[int]float64{maxElements - 1: 1.5, maxElements: 0} {
		file := append(bytes.Repeat([]byte{0xae, 0x80}, junk), duration...)
		if m := readWebM(newStream(bytes.NewReader(file), int64(len(file)))); m.duration != want {
			t.Errorf("after %d elements it takes %v s, want %v", junk, m.duration, want)
		}
	}
}
