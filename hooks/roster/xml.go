package roster

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"messagerie/hooks/protocol"
)

// The limits of XML: an element of SIECLE has some kilobytes, and is inside of three or four others.
const (
	maxElementBytes = 1 << 20
	maxDepth        = 100
)

// errElementTooLong is what reading an element ends with that has more than maxElementBytes.
var errElementTooLong = errors.New("an element is too long")

// elementReader reads an XML document as long as none of its elements is too long.
type elementReader struct {
	content io.Reader
	left    int // bytes that the element may still have
}

func (r *elementReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errElementTooLong
	}
	n, err := r.content.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// element is one of an XML document.
type element struct {
	entry
	decoder *xml.Decoder
	start   xml.StartElement
}

// into decodes an element with all it has inside.
func (e *element) into(value any) error {
	if err := e.decoder.DecodeElement(value, &e.start); err != nil {
		return xmlError(e.at.File, e.decoder, err)
	}
	return nil
}

// eachElement calls the function of an element's name with each such element of a document, from
// its beginning to its end, in bounded memory.
func (r *reading) eachElement(d *document, handlers map[string]func(*element) error) error {
	content, closer, err := d.text()
	if err != nil {
		return err
	}
	defer closer.Close()
	limited := &elementReader{content: content}
	decoder := newDecoder(limited)
	depth := 0
	for {
		limited.left = maxElementBytes
		line, column := decoder.InputPos()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return xmlError(d.name, decoder, err)
		}
		at := Position{File: d.name, Line: line, Column: column}
		switch token := token.(type) {
		case xml.Directive:
			return refuseDirective(at)
		case xml.EndElement:
			depth--
		case xml.StartElement:
			handle := handlers[token.Name.Local]
			if handle == nil {
				if depth++; depth > maxDepth {
					return unreadable(at, "le fichier XML imbrique plus de %d éléments", maxDepth)
				}
				continue
			}
			if err := handle(&element{entry: entry{reading: r, at: at}, decoder: decoder, start: token}); err != nil {
				return err
			}
		}
	}
}

// newDecoder decodes what is UTF-8 already, whatever the document declares.
func newDecoder(content io.Reader) *xml.Decoder {
	decoder := xml.NewDecoder(content)
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return decoder
}

// refuseDirective refuses a document type, which is where entities are declared. No software of a
// school writes one.
func refuseDirective(at Position) error {
	return unreadable(at, "le fichier XML contient un DOCTYPE, qui n'est pas accepté")
}

func xmlError(name string, decoder *xml.Decoder, err error) error {
	line, column := decoder.InputPos()
	at := Position{File: name, Line: line, Column: column}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errElementTooLong):
		return unreadable(at, "un élément du fichier XML dépasse %d Mo", maxElementBytes>>20)
	case !errors.As(err, &syntax) && !errors.As(err, new(xml.UnmarshalError)):
		return unreadable(at, "le fichier n'a pas pu être lu jusqu'au bout")
	case syntax != nil && strings.Contains(syntax.Msg, "unexpected EOF"):
		return unreadable(at, "le fichier XML est incomplet : sa fin manque")
	}
	return unreadable(at, "le XML est mal formé")
}

// recogniseXML tells the files of SIECLE apart by their root.
func recogniseXML(d *document) (kind, error) {
	head, err := io.ReadAll(decode(bytes.NewReader(d.head), d.encoding))
	if err != nil {
		return kind{}, unreadable(Position{File: d.name}, "le fichier n'a pas pu être lu")
	}
	decoder := newDecoder(bytes.NewReader(head))
	for {
		line, column := decoder.InputPos()
		token, err := decoder.Token()
		if err != nil {
			return kind{}, xmlError(d.name, decoder, err)
		}
		at := Position{File: d.name, Line: line, Column: column}
		switch token := token.(type) {
		case xml.Directive:
			return kind{}, refuseDirective(at)
		case xml.StartElement:
			return kindOfSIECLE(token.Name.Local, at)
		}
	}
}

func kindOfSIECLE(root string, at Position) (kind, error) {
	switch root {
	case "BEE_ELEVES":
		return kind{format: FormatSIECLE, order: 0, complete: []string{protocol.RoleStudent}, read: readStudents}, nil
	case "BEE_RESPONSABLES":
		return kind{format: FormatSIECLE, order: 1, complete: []string{protocol.RoleParent}, read: readGuardians}, nil
	case "STS_EDT", "EDT_STS":
		return kind{format: FormatSIECLE, order: 2, complete: []string{protocol.RoleTeacher}, read: readStaff}, nil
	}
	if strings.HasPrefix(root, "BEE_") {
		return kind{format: FormatSIECLE, order: 3}, nil // Nomenclature, Structures, Communs: not needed
	}
	return kind{}, unreadable(at, "« %s » n'est pas la racine d'un fichier de SIECLE ou de STSWEB", clean(root))
}
