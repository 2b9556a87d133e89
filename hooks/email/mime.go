package email

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/security"
)

// writeMIME writes a message in its wire format. PocketBase's mailer (mailyak) doesn't fold
// headers: an Arabic subject of 155 characters is a line longer than the 998 octets that
// relays accept (RFC 5322 2.1.1).
func writeMIME(w io.Writer, m *mailer.Message, now time.Time) error {
	parts := multipart.NewWriter(w)
	fields := []string{
		headerField("From", headerAddress(m.From)),
		headerField("Date", now.Format(time.RFC1123Z)),
		headerField("Subject", headerText(m.Subject)),
	}
	for _, list := range []struct {
		name string
		to   []mail.Address
	}{{"To", m.To}, {"Cc", m.Cc}} { // nobody sees the Bcc
		if len(list.to) > 0 {
			fields = append(fields, headerField(list.name, headerAddresses(list.to)))
		}
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(m.Headers)), isMessageID) {
		id := fmt.Sprintf("<%s@%s>", security.RandomString(30), domain(asciiDomain(m.From.Address)))
		fields = append(fields, headerField("Message-ID", id))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		value := m.Headers[name]
		if !isFoldableAt(value, mostOctets) {
			value = headerText(value)
		}
		fields = append(fields, headerField(name, value))
	}
	kind := mime.FormatMediaType("multipart/alternative", map[string]string{"boundary": parts.Boundary()})
	fields = append(fields, headerField("MIME-Version", "1.0"), headerField("Content-Type", kind))
	if _, err := io.WriteString(w, strings.Join(fields, "")+"\r\n"); err != nil {
		return err
	}
	if m.Text != "" {
		if err := writePart(parts, "text/plain", m.Text); err != nil {
			return err
		}
	}
	if err := writeHTML(parts, m); err != nil {
		return err
	}
	return parts.Close()
}

// writeHTML writes the HTML, together with the pictures in it (RFC 2387).
func writeHTML(parts *multipart.Writer, m *mailer.Message) error {
	switch {
	case m.HTML == "":
		return nil
	case len(m.InlineAttachments) == 0:
		return writePart(parts, "text/html", m.HTML)
	}
	var whole bytes.Buffer
	related := multipart.NewWriter(&whole)
	if err := writePart(related, "text/html", m.HTML); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(m.InlineAttachments)) {
		if err := writePicture(related, name, m.InlineAttachments[name]); err != nil {
			return err
		}
	}
	if err := related.Close(); err != nil {
		return err
	}
	part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {
		mime.FormatMediaType("multipart/related", map[string]string{"boundary": related.Boundary(), "type": "text/html"})}})
	if err != nil {
		return err
	}
	_, err = part.Write(whole.Bytes())
	return err
}

// writePicture writes a picture that the HTML shows by cid:name.
func writePicture(parts *multipart.Writer, name string, picture io.Reader) error {
	data, err := io.ReadAll(picture)
	if err != nil {
		return err
	}
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type": {http.DetectContentType(data)}, "Content-Transfer-Encoding": {"base64"},
		"Content-ID": {"<" + name + ">"}, "Content-Disposition": {mime.FormatMediaType("inline", map[string]string{"filename": name})}})
	if err != nil {
		return err
	}
	for line := range slices.Chunk(data, 57) { // 76 characters (RFC 2045 6.8)
		if _, err := io.WriteString(part, base64.StdEncoding.EncodeToString(line)+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

func isMessageID(name string) bool { return strings.EqualFold(name, "Message-ID") }

func headerAddresses(list []mail.Address) string {
	spelt := make([]string, len(list))
	for i, address := range list {
		spelt[i] = headerAddress(address)
	}
	return strings.Join(spelt, ", ")
}

// writePart writes one text in lines of at most 76 characters.
func writePart(parts *multipart.Writer, kind, text string) error {
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type": {kind + "; charset=UTF-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
	if err != nil {
		return err
	}
	encoder := quotedprintable.NewWriter(part)
	if _, err := io.WriteString(encoder, text); err != nil {
		return err
	}
	return encoder.Close()
}
