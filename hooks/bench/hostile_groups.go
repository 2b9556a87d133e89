package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// Attacks on what a group has besides its messages.
func attacksInGroups() []attack {
	return []attack{
		{name: "a pupil's pinning and unpinning in a group of 250", run: (*target).pinMessage, want: []string{"204", tooMany}},
		{name: "a pupil's reacting in a group of 250", run: (*target).react, want: []string{"204", tooMany}},
		{name: "a pupil's mentioning everybody in a group of 250", run: (*target).mentionAll, want: []string{"201", tooMany}},
		{name: "what a message said before, a hundred long texts", run: (*target).readEarlierTexts, want: []string{"200", tooMany}},
		{name: "who has read, in a group of 250", run: (*target).askWhoHasRead, want: []string{"200", tooMany}},
		{name: "what happened in a group of 250", run: (*target).askWhatHappened, want: []string{"200", tooMany}},
		{name: "a pupil's pinning and muting in their list", run: (*target).rearrangeList, want: []string{"200", tooMany}},
		{name: "a pupil's searches for messages", want: []string{"200", tooMany}, run: func(t *target) {
			t.repeat(20, http.MethodGet, "/api/messagerie/find/?limit=50&q=a%20e", nil)
		}},
		{name: "a pupil's pictures of 50 megapixels", run: (*target).uploadPictures, want: []string{"201"}, grows: 270}, // one is decoded at a time, into 200
	}
}

// newGroup creates a group of 250 with a message, and returns the paths of both.
func (t *target) newGroup() (group int64, message string) {
	var created struct {
		ID int64 `json:"conversation_id"`
	}
	var written struct {
		ID int64 `json:"id"`
	}
	_, body := t.ask(http.MethodPost, "/api/messagerie/conversations/create/", t.token(attackers), t.groupOf250(), nil)
	if err := json.Unmarshal(body, &created); err != nil {
		return 0, "" // the check of the responses reports it
	}
	path := fmt.Sprintf("/api/messagerie/messages/%d/", created.ID)
	_, body = t.ask(http.MethodPost, path, t.token(attackers), []byte(`{"content":"x"}`), nil)
	if err := json.Unmarshal(body, &written); err != nil {
		return 0, "" // likewise
	}
	return created.ID, fmt.Sprintf("%s%d/", path, written.ID)
}

// toAndFro does something and undoes it.
func (t *target) toAndFro(path string) {
	t.each(4, func(int) {
		t.ask(http.MethodPut, path, t.token(attackers), nil, nil)
		t.ask(http.MethodDelete, path, t.token(attackers), nil, nil)
	})
}

func (t *target) pinMessage() {
	group, message := t.newGroup()
	id := strings.TrimPrefix(message, fmt.Sprintf("/api/messagerie/messages/%d/", group))
	t.toAndFro(fmt.Sprintf("/api/messagerie/conversations/%d/pins/%s", group, id))
}

func (t *target) react() {
	_, message := t.newGroup()
	t.toAndFro(message + "reactions/" + url.PathEscape("👍") + "/")
}

func (t *target) mentionAll() {
	group, _ := t.newGroup()
	var ids []int64
	for _, user := range t.people.Users[:50] {
		ids = append(ids, user.ID)
	}
	t.repeat(4, http.MethodPost, fmt.Sprintf("/api/messagerie/messages/%d/", group), encoded(map[string]any{"content": "x", "mentions": ids}))
}

func (t *target) readEarlierTexts() {
	_, message := t.newGroup()
	for n := range 100 {
		t.ask(http.MethodPatch, message, t.token(attackers), encoded(map[string]string{"content": fmt.Sprint(strings.Repeat("<", 9980), n)}), nil)
	}
	t.repeat(20, http.MethodGet, message+"history/?limit=200", nil)
}

func (t *target) askWhoHasRead() {
	_, message := t.newGroup()
	t.repeat(20, http.MethodGet, message+"readers/?limit=200", nil)
}

func (t *target) askWhatHappened() {
	group, _ := t.newGroup()
	for n := range 50 {
		t.ask(http.MethodPatch, fmt.Sprintf("/api/messagerie/conversations/%d/", group), t.token(attackers), fmt.Appendf(nil, `{"title":"Groupe %d"}`, n), nil)
	}
	t.repeat(20, http.MethodGet, fmt.Sprintf("/api/messagerie/conversations/%d/events/?limit=200", group), nil)
}

func (t *target) rearrangeList() {
	group, _ := t.group()
	bodies := [][]byte{[]byte(`{"pinned":true,"muted":true}`), []byte(`{"pinned":false,"muted":false}`)}
	t.each(4, func(int) {
		for _, body := range bodies {
			t.ask(http.MethodPatch, fmt.Sprintf("/api/messagerie/conversations/%d/", group), t.token(attackers), body, nil)
		}
	})
}

// uploadPictures uploads a black picture whose pixels take a hundred thousand times as much room as its file.
func (t *target) uploadPictures() {
	group, _ := t.group()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "photo.png")
	if err != nil {
		return // likewise
	}
	if _, err := part.Write(blackPicture(7070)); err != nil || form.Close() != nil {
		return
	}
	headers := map[string]string{"Content-Type": form.FormDataContentType()}
	t.each(4, func(int) {
		t.ask(http.MethodPost, fmt.Sprintf("/api/messagerie/attachments/%d/", group), t.token(attackers), body.Bytes(), headers)
	})
}

// blackPicture is a PNG in full colours and with transparency, the most that a pixel can take.
func blackPicture(side int) []byte {
	var pixels bytes.Buffer
	packed := zlib.NewWriter(&pixels)
	row := make([]byte, 1+4*side)
	for range side {
		_, _ = packed.Write(row) // to memory
	}
	_ = packed.Close()
	header := binary.BigEndian.AppendUint32(nil, uint32(side))
	header = append(binary.BigEndian.AppendUint32(header, uint32(side)), 8, 6, 0, 0, 0) // bits, RGBA
	picture := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range []struct {
		name string
		data []byte
	}{{"IHDR", header}, {"IDAT", pixels.Bytes()}, {"IEND", nil}} {
		named := append([]byte(chunk.name), chunk.data...)
		picture = binary.BigEndian.AppendUint32(picture, uint32(len(chunk.data)))
		picture = binary.BigEndian.AppendUint32(append(picture, named...), crc32.ChecksumIEEE(named))
	}
	return picture
}
