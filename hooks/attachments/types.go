package attachments

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"messagerie/hooks/protocol"
	"messagerie/hooks/text"
)

// kind is a type of files that the school may take.
type kind struct {
	group      string   // a word of the setting types
	extensions []string // the first one replaces a wrong one
}

// kinds are all types that are ever taken, by their MIME type. Pages, drawings with scripts, programs and archives
// aren't among them; nor is HEIC, whose place and camera can't be removed here: browsers convert it for an upload.
var kinds = map[string]kind{
	"image/jpeg": {"pictures", []string{".jpg", ".jpeg", ".jpe", ".jfif"}},
	"image/png":  {"pictures", []string{".png"}},
	"image/gif":  {"pictures", []string{".gif"}},
	"image/webp": {"pictures", []string{".webp"}},

	"application/pdf": {"pdf", []string{".pdf"}},

	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {"office", []string{".docx"}},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {"office", []string{".xlsx"}},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {"office", []string{".pptx", ".ppsx"}},
	"application/vnd.oasis.opendocument.text":                                   {"office", []string{".odt"}},
	"application/vnd.oasis.opendocument.spreadsheet":                            {"office", []string{".ods"}},
	"application/vnd.oasis.opendocument.presentation":                           {"office", []string{".odp"}},
	"application/vnd.oasis.opendocument.graphics":                               {"office", []string{".odg"}},

	"text/plain": {"text", []string{".txt", ".md", ".csv", ".tsv", ".srt", ".vtt", ".log"}},
	"text/csv":   {"text", []string{".csv", ".txt"}},

	"audio/mpeg": {"audio", []string{".mp3"}},
	"audio/mp4":  {"audio", []string{".m4a"}},
	"audio/ogg":  {"audio", []string{".ogg", ".oga", ".opus"}},
	"audio/wav":  {"audio", []string{".wav"}},
	"audio/webm": {"audio", []string{".weba", ".webm"}},
	"audio/aac":  {"audio", []string{".aac"}},
	"audio/flac": {"audio", []string{".flac"}},

	"video/mp4":       {"video", []string{".mp4", ".m4v", ".3gp"}},
	"video/webm":      {"video", []string{".webm"}},
	"video/quicktime": {"video", []string{".mov"}},
	"video/ogg":       {"video", []string{".ogv", ".ogg"}},
}

// otherNames are what the detection calls some of them.
var otherNames = map[string]string{
	"audio/x-m4a": "audio/mp4", "audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "application/ogg": "audio/ogg",
	"audio/x-flac": "audio/flac", "video/x-m4v": "video/mp4", "text/tab-separated-values": "text/plain", "text/vtt": "text/plain", "application/x-subrip": "text/plain",
	"video/3gpp": "video/mp4", "text/csv": "text/csv",
}

// dangerous are extensions of what a system runs, or a browser shows as a page, when somebody opens it. A file of
// another type with such a name wants to be taken for something else, or to be renamed back.
var dangerous = strings.Fields(`.ade .adp .apk .app .appx .asp .aspx .bas .bat .bash .cgi .chm .cmd .com .cpl .crt .deb .desktop .dll .dmg .docm .dotm
	.exe .gadget .hta .htm .html .img .inf .ins .iso .jar .jnlp .js .jse .jsp .ksh .lnk .mde .mht .mhtml .mjs .msc .msi .msix .msp .mst .pif .php .pl
	.potm .ppam .ppsm .pptm .ps1 .psm1 .py .pyc .pyw .rb .reg .rpm .scf .scr .sct .sh .shb .shtml .svg .svgz .swf .sys .url .vb .vbe .vbs .vxd
	.wasm .wsc .wsf .wsh .xap .xbap .xht .xhtml .xlam .xlsm .xltm .xml .xsl .xslt .zsh`)

// prepared is a file as it is kept.
type prepared struct {
	protocol.Attachment
	path      string
	extension string
	thumbnail string // the path of a picture, "" for none
}

// prepare finds out what a file is, cleans it if it is a picture, and gives it a name that suits it.
func (s *Service) prepare(ctx context.Context, path, name string) (prepared, error) {
	detected, err := detect(path)
	if err != nil {
		return prepared{}, err
	}
	var m media
	if family, _, _ := strings.Cut(detected, "/"); family == "audio" || family == "video" {
		m = measure(path, detected)
		detected = m.kindOf(detected)
	}
	known, ok := kinds[detected]
	if !ok || !slices.Contains(s.config.Types, known.group) || slices.Contains(dangerous, strings.ToLower(extensionOf(name))) {
		return prepared{}, ErrTypeNotAllowed
	}
	p := prepared{Attachment: protocol.Attachment{Type: detected, Duration: m.duration, Width: m.width, Height: m.height}, path: path}
	if known.group == "pictures" {
		if err := s.preparePicture(ctx, &p); err != nil {
			return prepared{}, err
		}
	} else if err := refuseHidden(path, known.group); err != nil {
		return prepared{}, err
	}
	info, err := os.Stat(p.path)
	if err != nil {
		return prepared{}, err
	}
	p.Size = info.Size()
	p.Name = named(name, kinds[p.Type].extensions)
	p.extension = kinds[p.Type].extensions[0]
	return p, nil
}

// detect returns the MIME type of a file by its content, without parameters.
func detect(path string) (string, error) {
	found, err := mimetype.DetectFile(path)
	if err != nil {
		return "", fmt.Errorf("detect the type of a file: %w", err)
	}
	detected, _, _ := strings.Cut(found.String(), ";")
	if usual, ok := otherNames[detected]; ok {
		detected = usual
	}
	return detected, nil
}

// maxName is the longest name of a file in characters, with its extension.
const maxName = 150

// named returns a name as it is stored: without folders and characters that make it look like another, and with an
// extension of the file's type.
func named(name string, extensions []string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = text.Line(strings.ToValidUTF8(name, ""))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(name, ". ")
	extension := extensionOf(name)
	stem := strings.TrimSuffix(name, extension)
	switch {
	case slices.Contains(extensions, strings.ToLower(extension)):
	case isOfAnother(extension): // corrected
		extension = extensions[0]
	default:
		stem, extension = name, extensions[0]
	}
	if stem = strings.Trim(stem, ". "); text.IsBlank(stem) {
		stem = "fichier"
	}
	if runes := []rune(stem); len(runes)+len(extension) > maxName {
		stem = string(runes[:maxName-len(extension)])
	}
	return stem + extension
}

// extensionOf is the end of a name from its last dot on, "" for none.
func extensionOf(name string) string { return filepath.Ext(strings.TrimRight(name, ". ")) }

// isOfAnother reports whether an extension is that of some known type, and not a part of the name.
func isOfAnother(extension string) bool {
	for _, k := range kinds {
		if slices.Contains(k.extensions, strings.ToLower(extension)) {
			return true
		}
	}
	return false
}

// refuseHidden refuses a file that is another one as well: an archive, such as a program for Java, may be appended to
// anything, because it is read from its end. In a document it refuses macros.
func refuseHidden(path, group string) error {
	archive, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		if group == "office" {
			return ErrTypeNotAllowed
		}
		return nil
	}
	if err != nil || group != "office" {
		return ErrTypeNotAllowed
	}
	defer func() { _ = archive.Close() }()
	for _, file := range archive.File {
		base := strings.ToLower(filepath.Base(file.Name))
		if strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(file.Name, "Basic/") || strings.HasPrefix(file.Name, "Scripts/") ||
			strings.HasSuffix(base, ".class") || base == "manifest.mf" {
			return ErrTypeNotAllowed
		}
	}
	return refuseAround(path)
}

// refuseAround refuses a document with something before or after its archive.
func refuseAround(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	const endRecord = 22 // bytes of the end of an archive without a comment
	head, tail := make([]byte, 4), make([]byte, endRecord)
	if _, err := io.ReadFull(file, head); err != nil {
		return ErrTypeNotAllowed
	}
	if _, err := file.Seek(-endRecord, io.SeekEnd); err != nil {
		return ErrTypeNotAllowed
	}
	if _, err := io.ReadFull(file, tail); err != nil || string(head) != "PK\x03\x04" || string(tail[:4]) != "PK\x05\x06" {
		return ErrTypeNotAllowed
	}
	return nil
}
