package rest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func attachmentPath(id protocol.ID) string {
	return "/api/messagerie/attachments/" + id.String() + "/"
}

// uploadFile sends a file as a browser's form does.
func (s school) uploadFile(as apptest.Person, conversation protocol.ID, name string, content []byte) *apptest.Response {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequest("POST", s.URL+attachmentPath(conversation), &body)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+as.Token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return s.Send(req)
}

// uploaded uploads a text.
func (s school) uploaded(as apptest.Person, conversation protocol.ID, name, content string) (a protocol.Attachment) {
	s.uploadFile(as, conversation, name, []byte(content)).OK(201).Into(&a)
	return a
}

// sendWith sends a message with files.
func (s school) sendWith(as apptest.Person, conversation protocol.ID, content string, ids ...protocol.ID) *apptest.Response {
	return s.Post(as, messagesPath(conversation), object{"content": content, "attachments": ids})
}

func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = 200
	}
	picture.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAttachments_travelWithTheirMessage(t *testing.T) {
	s := newSchool(t)
	picture := photo(t, 1300, 650)
	var plan protocol.Attachment
	s.uploadFile(s.claire, s.conversation, "Plan de la sortie.JPG", picture).OK(201).Into(&plan)
	want := protocol.Attachment{ID: plan.ID, Name: "Plan de la sortie.JPG", Size: int64(len(picture)), Type: "image/jpeg", Width: 1300, Height: 650, HasThumbnail: true}
	if plan != want {
		t.Errorf("got %+v, want %+v", plan, want)
	}
	list := s.uploaded(s.claire, s.conversation, "liste.txt", "Zoé\nYanis\n")

	var sent protocol.Message
	s.sendWith(s.claire, s.conversation, "", list.ID, plan.ID).OK(201).Into(&sent)
	files := []protocol.Attachment{list, plan} // in the order in which they were sent
	for where, got := range map[string]protocol.Message{
		"the response": sent, "the page": s.history(t, s.jerome, s.conversation)[0], "the list": *s.seen(t, s.jerome, s.conversation).LastMessage} {
		if got.Content != "" || !reflect.DeepEqual(got.Attachments, files) {
			t.Errorf("%s has %q and %+v", where, got.Content, got.Attachments)
		}
	}
	s.sendWith(s.claire, s.conversation, "encore", plan.ID).Refused(400, protocol.CodeInvalidAttachments)
	s.Stop()
	again := apptest.Open(t, s.Dir)
	page := again.Get(s.jerome, messagesPath(s.conversation)).OK(200)
	var history []protocol.Message
	page.Into(&history)
	if !reflect.DeepEqual(history[0].Attachments, files) {
		t.Errorf("after a restart: %s", page.Body)
	}
	if got := again.Get(s.jerome, attachmentPath(plan.ID)).OK(200); !bytes.Equal(got.Body, picture) {
		t.Error("the file has changed")
	}
}

func TestAttachments_areSentOnceThoughRepeated(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.claire)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, ClientID: "c-1", Attachments: []protocol.ID{file.ID}}
	var first, second protocol.MessageFrame
	socket.Send(frame)
	socket.Expect(protocol.TypeNewMessage, &first)
	socket.Send(frame)
	socket.Expect(protocol.TypeNewMessage, &second)
	if !reflect.DeepEqual(first.Message.Attachments, []protocol.Attachment{file}) || first.Message.ID != second.Message.ID ||
		!reflect.DeepEqual(first.Message.Attachments, second.Message.Attachments) || s.Count("messages") != 1 {
		t.Errorf("%+v, then %+v", first, second)
	}
	var again protocol.Message
	s.Post(s.claire, messagesPath(s.conversation), object{"content": "", "client_id": "c-1", "attachments": []protocol.ID{file.ID}}).OK(200).Into(&again)
	if again.ID != first.Message.ID || len(again.Attachments) != 1 {
		t.Errorf("%+v", again)
	}
	socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, ClientID: "c-2", Attachments: []protocol.ID{file.ID}})
	socket.ExpectRefusal(protocol.CodeInvalidAttachments)
}

func TestAttachments_areReadByThoseWhoTakePart(t *testing.T) {
	s := newSchool(t)
	other := s.Person(s.college, protocol.RoleTeacher, "Inès", "Moreau")
	group := s.Conversation(s.claire, s.jerome, other)
	file := s.uploaded(s.jerome, group, "a.txt", "bonjour")
	read := func(as apptest.Person, status int) {
		t.Helper()
		if status == 404 {
			s.Get(as, attachmentPath(file.ID)).Refused(404, protocol.CodeNotFound)
		} else if got := s.Get(as, attachmentPath(file.ID)).OK(status); string(got.Body) != "bonjour" {
			t.Errorf("the file is %q", got.Body)
		}
	}
	read(s.jerome, 200) // not sent yet
	read(s.claire, 404)
	var sent protocol.Message
	s.sendWith(s.jerome, group, "", file.ID).OK(201).Into(&sent)
	read(s.claire, 200)
	read(other, 200)
	read(s.outsider, 404)
	s.Do("", "GET", attachmentPath(file.ID), nil).Refused(401, protocol.CodeUnauthorized)
	s.Get(s.claire, attachmentPath(4711)).Refused(404, protocol.CodeNotFound)
	s.Do(s.claire.Token, "DELETE", conversationPath(group)+"participants/", object{"participants": []protocol.ID{other.ID}}).OK(204)
	read(other, 404)
	s.Do(s.jerome.Token, "DELETE", messagePath(sent), nil).OK(204)
	read(s.claire, 404)
	read(s.jerome, 404)
	if n := s.Count("attachments"); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestAttachments_areClosedToPocketBasesOwnRoutes(t *testing.T) {
	s := newSchool(t)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "bonjour")
	s.sendWith(s.claire, s.conversation, "", file.ID).OK(201)
	record := s.Find("attachments", file.ID)
	path := "/api/files/attachments/" + record.Id + "/" + record.GetString("file")
	token := func(of string) string {
		var issued struct {
			Token string `json:"token"`
		}
		s.Do(of, "POST", "/api/files/token", nil).OK(200).Into(&issued)
		return "?token=" + url.QueryEscape(issued.Token)
	}
	s.Do("", "GET", path, nil).OK(404)
	s.Do(s.claire.Token, "GET", path, nil).OK(404)
	s.Do("", "GET", path+token(s.claire.Token), nil).OK(404)
	admin := s.Superuser()
	if got := s.Do("", "GET", path+token(admin), nil).OK(200); string(got.Body) != "bonjour" {
		t.Errorf("the administrator gets %q", got.Body)
	}
	s.Do(s.claire.Token, "GET", "/api/collections/attachments/records", nil).OK(403)
	s.Do(admin, "POST", "/api/collections/attachments/records", object{"name": "x", "conversation": s.conversation.RecordID()}).OK(400)
	s.Do(admin, "PATCH", "/api/collections/attachments/records/"+record.Id, object{"name": "autre"}).OK(400)

	// A picture in a page has no header: a token that is good for minutes.
	s.Do("", "GET", attachmentPath(file.ID)+token(s.jerome.Token), nil).OK(200)
	s.Do("", "GET", attachmentPath(file.ID)+token(s.outsider.Token), nil).Refused(404, protocol.CodeNotFound)
	s.Do("", "GET", attachmentPath(file.ID)+token(admin), nil).Refused(401, protocol.CodeUnauthorized)
	s.Do("", "GET", attachmentPath(file.ID)+"?token="+s.jerome.Token, nil).Refused(401, protocol.CodeUnauthorized) // one for logging in
	s.Do("", "GET", messagesPath(s.conversation)+token(s.jerome.Token), nil).Refused(401, protocol.CodeUnauthorized)
}

func TestAttachments_headersLetNothingRun(t *testing.T) {
	s := newSchool(t)
	get := func(id protocol.ID, query string, header ...string) *apptest.Response {
		req, err := http.NewRequest("GET", s.URL+attachmentPath(id)+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+s.claire.Token)
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		return s.Send(req)
	}
	text := s.uploaded(s.claire, s.conversation, `"été" à la mer.txt`, strings.Repeat("bonjour ", 1000))
	got := get(text.ID, "", "Accept-Encoding", "gzip").OK(200)
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache", "Content-Encoding": "",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Content-Length": "8000", "Accept-Ranges": "bytes",
		"Content-Disposition": `attachment; filename="__t__ _ la mer.txt"; filename*=UTF-8''_%C3%A9t%C3%A9_%20%C3%A0%20la%20mer.txt`,
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if part := get(text.ID, "", "Range", "bytes=8-14").OK(206); string(part.Body) != "bonjour" {
		t.Errorf("the range is %q", part.Body)
	}
	get(text.ID, "", "Range", "bytes=9000-").OK(416)
	get(text.ID, "", "If-None-Match", got.Header.Get("ETag")).OK(304)
	get(text.ID, "?thumbnail=1").Refused(404, protocol.CodeNotFound)

	var plan protocol.Attachment
	s.uploadFile(s.claire, s.conversation, "plan.png", photo(t, 1300, 650)).OK(201).Into(&plan)
	if plan.Name != "plan.jpg" {
		t.Errorf("a wrong extension: %s", plan.Name)
	}
	small := get(plan.ID, "?thumbnail=1").OK(200)
	size, _, err := image.DecodeConfig(bytes.NewReader(small.Body))
	if err != nil || size.Width != 640 || size.Height != 320 || small.Header.Get("Content-Type") != "image/jpeg" ||
		!strings.HasPrefix(small.Header.Get("Content-Disposition"), "inline;") {
		t.Errorf("the thumbnail is %+v (%v): %v", size, err, small.Header)
	}
	if small.Header.Get("ETag") == get(plan.ID, "").OK(200).Header.Get("ETag") {
		t.Error("picture and thumbnail have one ETag")
	}
}

func TestAttachments_refusals(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Attachments.MaxMegabytes = 1 })
	kilobyte := []byte(strings.Repeat("x", 1024))
	s.uploadFile(s.outsider, s.conversation, "a.txt", kilobyte).Refused(404, protocol.CodeNotFound)
	s.uploadFile(s.claire, 4711, "a.txt", kilobyte).Refused(404, protocol.CodeNotFound)
	s.uploadFile(s.claire, s.conversation, "a.txt", bytes.Repeat(kilobyte, 1024)).OK(201)
	s.uploadFile(s.claire, s.conversation, "a.txt", bytes.Repeat(kilobyte, 1025)).Refused(413, protocol.CodeTooLarge)
	s.uploadFile(s.claire, s.conversation, "a.txt", bytes.Repeat(kilobyte, 3000)).Refused(413, protocol.CodeTooLarge)
	s.uploadFile(s.claire, s.conversation, "a.txt", nil).Refused(415, protocol.CodeTypeNotAllowed)
	s.Post(s.claire, attachmentPath(s.conversation), object{"file": "a"}).Refused(400, protocol.CodeInvalidRequest)
	s.Create("pauses", object{"establishment": s.college.RecordID(), "roles": []string{protocol.RoleParent}})
	s.uploadFile(s.jerome, s.conversation, "a.txt", kilobyte).Refused(403, protocol.CodePaused)
	if n := s.Count("attachments"); n != 1 {
		t.Errorf("%d are stored", n)
	}
	left, err := filepath.Glob(filepath.Join(s.Dir, ".pb_temp_to_delete", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestAttachments_ofAMessageAreOwnUnsentAndOfItsConversation(t *testing.T) {
	s := newSchool(t)
	elsewhere := s.Conversation(s.claire, s.outsider)
	own := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	foreign := s.uploaded(s.jerome, s.conversation, "a.txt", "a")
	other := s.uploaded(s.claire, elsewhere, "a.txt", "a")
	many := make([]protocol.ID, protocol.MaxAttachments+1)
	for i := range many {
		many[i] = s.uploaded(s.claire, s.conversation, fmt.Sprint(i, ".txt"), "x").ID
	}
	for name, ids := range map[string][]protocol.ID{
		"somebody else's": {own.ID, foreign.ID}, "of another conversation": {other.ID}, "missing": {4711}, "twice": {own.ID, own.ID}, "too many": many} {
		if got := s.sendWith(s.claire, s.conversation, "Bonjour", ids...).Refused(400, protocol.CodeInvalidAttachments); got.Data["attachments"] == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.sendWith(s.claire, s.conversation, " ").Refused(400, protocol.CodeContentEmpty)
	if n := s.Count("messages"); n != 0 {
		t.Errorf("%d messages are stored", n)
	}
	var sent protocol.Message
	s.sendWith(s.claire, s.conversation, "Bonjour", many[:10]...).OK(201).Into(&sent)
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": ""}).OK(200).Into(&sent)
	if sent.Content != "" || len(sent.Attachments) != 10 {
		t.Errorf("edited: %+v", sent)
	}
	text := s.Says(s.claire, s.conversation, "Bonjour")
	s.Do(s.claire.Token, "PATCH", messagePath(text), object{"content": ""}).Refused(400, protocol.CodeContentEmpty)
}

func TestAttachments_quotas(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Attachments.PersonMegabytes, c.Attachments.EstablishmentMegabytes = 2, 3 })
	megabyte := []byte(strings.Repeat("x", 1<<20))
	first := s.uploadFile(s.claire, s.conversation, "a.txt", megabyte).OK(201)
	s.uploadFile(s.claire, s.conversation, "a.txt", megabyte).OK(201)
	s.uploadFile(s.claire, s.conversation, "a.txt", []byte("x")).Refused(507, protocol.CodeQuotaExceeded)
	s.uploadFile(s.jerome, s.conversation, "a.txt", megabyte).OK(201)
	s.uploadFile(s.jerome, s.conversation, "a.txt", []byte("x")).Refused(507, protocol.CodeQuotaExceeded) // of the school
	var file protocol.Attachment
	first.Into(&file)
	s.Remove("attachments", file.ID)
	s.uploadFile(s.claire, s.conversation, "a.txt", megabyte[:1<<19]).OK(201)
}

// Types of files are found by their content, whatever the name says.
func TestAttachments_typesThatAreRefused(t *testing.T) {
	s := newSchool(t)
	for name, content := range map[string]string{
		"page.txt":      "<!DOCTYPE html><script>alert(1)</script>",
		"dessin.png":    `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"dessin.svg":    `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"jeu.jpg":       "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
		"outil":         "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>\x00",
		"liste.txt":     "#!/bin/sh\nrm -rf /\n",
		"script.js":     "alert(1)",
		"facture.bat":   "del *.*",
		"raccourci.url": "[InternetShortcut]\nURL=http://x/",
		"données.txt":   "\x00\x01\x02\x03\xff\xfe",
		"archive.zip":   "PK\x05\x06" + strings.Repeat("\x00", 18),
		"photo.heic":    "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
		"photo.jpg":     "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
		"anim.gif":      "GIF89a/*\x00\x00\x00\x00*/=alert(1)//;",
		"cours.pdf":     "%PDF-1.4\n%%EOF\nPK\x05\x06" + strings.Repeat("\x00", 18),
	} {
		got := s.uploadFile(s.claire, s.conversation, name, []byte(content))
		if got.StatusCode != 415 {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.Body)
		}
	}
	if n := s.Count("attachments"); n != 0 {
		t.Errorf("%d are stored", n)
	}
	onlyPictures := newSchool(t, func(c *config.Config) { c.Attachments.Types = []string{"pictures"} })
	onlyPictures.uploadFile(onlyPictures.claire, onlyPictures.conversation, "a.txt", []byte("bonjour")).Refused(415, protocol.CodeTypeNotAllowed)
	onlyPictures.uploadFile(onlyPictures.claire, onlyPictures.conversation, "a.jpg", photo(t, 10, 10)).OK(201)
}

func TestMe_saysWhatFilesAreTaken(t *testing.T) {
	for name, test := range map[string]struct {
		types []string
		want  protocol.FileLimits
	}{
		"some": {[]string{"pictures", "pdf"}, protocol.FileLimits{Types: []string{"pictures", "pdf"}, MaxBytes: 5 << 20}},
		"none": {nil, protocol.FileLimits{Types: []string{}, MaxBytes: 5 << 20}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t, func(c *config.Config) { c.Attachments.Types, c.Attachments.MaxMegabytes = test.types, 5 })
			var me protocol.Me
			s.Get(s.jerome, "/api/messagerie/me/").OK(200).Into(&me)
			if !reflect.DeepEqual(me.Attachments, test.want) {
				t.Errorf("%#v, want %#v", me.Attachments, test.want)
			}
		})
	}
}

func TestAttachments_unsentOnesGoAfterADay(t *testing.T) {
	s := newSchool(t)
	kept := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	unsent := s.uploaded(s.claire, s.conversation, "b.txt", "b")
	waiting := s.uploaded(s.claire, s.conversation, "c.txt", "c")
	s.sendWith(s.claire, s.conversation, "", kept.ID).OK(201)
	s.Post(s.claire, messagesPath(s.conversation), object{"content": "", "attachments": []protocol.ID{waiting.ID}, "deliver_at": time.Now().Add(time.Hour).Format(time.RFC3339)}).OK(202)
	removed, err := s.Conversations.RemoveUnsent(time.Now().Add(-time.Hour))
	if err != nil || removed != 0 {
		t.Errorf("too early: %d (%v)", removed, err)
	}
	removed, err = s.Conversations.RemoveUnsent(time.Now().Add(time.Hour))
	if err != nil || removed != 1 {
		t.Errorf("%d (%v)", removed, err)
	}
	s.Get(s.claire, attachmentPath(unsent.ID)).Refused(404, protocol.CodeNotFound)
	s.Get(s.claire, attachmentPath(kept.ID)).OK(200)
	s.Get(s.claire, attachmentPath(waiting.ID)).OK(200)
}

// The server was killed after the file was stored, and before its record was.
func TestAttachments_filesWithoutARecordGo(t *testing.T) {
	s := newSchool(t)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	record := s.Find("attachments", file.ID)
	known := filepath.Join(s.Dir, "storage", record.BaseFilesPath(), "file.txt")
	lost := filepath.Join(s.Dir, "storage", record.Collection().BaseFilesPath(), (file.ID - 1).RecordID(), "file.txt")
	if err := os.MkdirAll(filepath.Dir(lost), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(lost, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Files.RemoveLost(time.Now().Add(-time.Hour)); err != nil || removed != 0 {
		t.Errorf("too early: %d (%v)", removed, err)
	}
	if removed, err := s.Files.RemoveLost(time.Now().Add(time.Hour)); err != nil || removed != 1 {
		t.Errorf("%d (%v)", removed, err)
	}
	if _, err := os.Stat(known); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(lost); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func TestAttachments_ofScheduledMessages(t *testing.T) {
	s := newSchool(t)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	later := func(ids ...protocol.ID) *apptest.Response {
		return s.Post(s.claire, messagesPath(s.conversation), object{"content": "", "attachments": ids, "deliver_at": time.Now().Add(time.Hour).Format(time.RFC3339)})
	}
	var waiting protocol.Scheduled
	later(file.ID).OK(202).Into(&waiting)
	var list []protocol.Scheduled
	s.Get(s.claire, "/api/messagerie/scheduled/").OK(200).Into(&list)
	if len(list) != 1 || !reflect.DeepEqual(list[0].Attachments, []protocol.ID{file.ID}) || !reflect.DeepEqual(waiting, list[0]) {
		t.Errorf("%+v, in the list %+v", waiting, list)
	}
	later(file.ID).Refused(400, protocol.CodeInvalidAttachments) // reserved
	s.sendWith(s.claire, s.conversation, "", file.ID).Refused(400, protocol.CodeInvalidAttachments)
	s.Get(s.jerome, attachmentPath(file.ID)).Refused(404, protocol.CodeNotFound)
	s.Change("scheduled_messages", waiting.ID, object{"deliver_at": time.Now().Add(-time.Second)})
	if _, err := s.Conversations.DeliverDue(); err != nil {
		t.Fatal(err)
	}
	if got := s.history(t, s.jerome, s.conversation); len(got) != 1 || !reflect.DeepEqual(got[0].Attachments, []protocol.Attachment{file}) {
		t.Errorf("delivered: %+v", got)
	}
	s.Get(s.jerome, attachmentPath(file.ID)).OK(200)

	cancelled := s.uploaded(s.claire, s.conversation, "b.txt", "b")
	later(cancelled.ID).OK(202).Into(&waiting)
	s.Do(s.claire.Token, "DELETE", "/api/messagerie/scheduled/"+waiting.ID.String()+"/", nil).OK(204)
	s.Get(s.claire, attachmentPath(cancelled.ID)).Refused(404, protocol.CodeNotFound)
}

// An administrator removes one file in the dashboard.
func TestAttachments_removedOnesDisappearFromTheirMessage(t *testing.T) {
	s := newSchool(t)
	a, b := s.uploaded(s.claire, s.conversation, "a.txt", "a"), s.uploaded(s.claire, s.conversation, "b.txt", "b")
	var sent protocol.Message
	s.sendWith(s.claire, s.conversation, "", a.ID, b.ID).OK(201).Into(&sent)
	s.seen(t, s.jerome, s.conversation)
	socket, _ := s.Dial(s.jerome)
	s.Remove("attachments", a.ID)
	var updated protocol.MessageFrame
	socket.Expect(protocol.TypeMessageUpdated, &updated)
	if last := s.seen(t, s.jerome, s.conversation).LastMessage; !reflect.DeepEqual(updated.Message.Attachments, []protocol.Attachment{b}) || !reflect.DeepEqual(last.Attachments, updated.Message.Attachments) {
		t.Errorf("%+v, in the list %+v", updated.Message, last)
	}
	s.Remove("attachments", b.ID)
	socket.Expect(protocol.TypeMessageDeleted, nil)
	if got := s.history(t, s.jerome, s.conversation)[0]; !got.Deleted || got.EditedBy != protocol.ByAdministration {
		t.Errorf("%+v", got)
	}
}

func TestAttachments_areFound(t *testing.T) {
	s := newSchool(t)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	s.Says(s.claire, s.conversation, "Sortie sans fichier")
	s.sendWith(s.claire, s.conversation, "Sortie avec fichier", file.ID).OK(201)
	s.Search.CatchUp()
	var found []protocol.FoundMessage
	s.Get(s.jerome, "/api/messagerie/find/?q=sortie&has=attachment").OK(200).Into(&found)
	if len(found) != 1 || len(found[0].Message.Attachments) != 1 {
		t.Errorf("%+v", found)
	}
}

func TestAttachments_goWithTheirConversationOrUploader(t *testing.T) {
	s := newSchool(t)
	for range 2 {
		s.sendWith(s.claire, s.conversation, "", s.uploaded(s.claire, s.conversation, "a.txt", "a").ID).OK(201)
	}
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	file := s.uploaded(s.jerome, group, "a.txt", "a")
	s.sendWith(s.jerome, group, "", file.ID).OK(201)
	s.Remove("conversations", s.conversation)
	if n := s.Count("attachments"); n != 1 {
		t.Errorf("%d are left", n)
	}
	s.Remove("users", s.jerome.ID) // by hand: what they wrote stays without a name, and so does this
	s.Get(s.claire, attachmentPath(file.ID)).OK(200)
	if got := s.history(t, s.claire, group)[0]; got.SenderID != 0 || len(got.Attachments) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAttachments_withoutTheScannerNothingGetsIn(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Attachments.Clamd = "unix:" + filepath.Join(t.TempDir(), "nobody") })
	s.uploadFile(s.claire, s.conversation, "a.txt", []byte("bonjour")).Refused(503, protocol.CodeUnavailable)
	if n := s.Count("attachments"); n != 0 {
		t.Errorf("%d are stored", n)
	}
}

// The server was killed between the upload and the sending.
func TestAttachments_waitForTheirMessageAcrossARestart(t *testing.T) {
	s := newSchool(t)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	s.Stop()
	s.App = apptest.Open(t, s.Dir)
	if removed, err := s.Files.RemoveLost(time.Now()); err != nil || removed != 0 {
		t.Errorf("%d were removed (%v)", removed, err)
	}
	var sent protocol.Message
	s.sendWith(s.claire, s.conversation, "", file.ID).OK(201).Into(&sent)
	if !reflect.DeepEqual(sent.Attachments, []protocol.Attachment{file}) {
		t.Errorf("%+v", sent)
	}
	s.Get(s.jerome, attachmentPath(file.ID)).OK(200)
}

// Somebody else's handler closes the fast path: the message is saved as a record.
func TestAttachments_areBoundToMessagesThatAreRecords(t *testing.T) {
	s := newSchool(t)
	s.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error { return e.Next() })
	socket, _ := s.Dial(s.jerome)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	var sent protocol.Message
	s.sendWith(s.claire, s.conversation, "", file.ID).OK(201).Into(&sent)
	var frame protocol.MessageFrame
	socket.Expect(protocol.TypeNewMessage, &frame)
	for where, got := range map[string]protocol.Message{"the response": sent, "the frame": frame.Message, "the page": s.history(t, s.jerome, s.conversation)[0]} {
		if !reflect.DeepEqual(got.Attachments, []protocol.Attachment{file}) {
			t.Errorf("%s has %+v", where, got.Attachments)
		}
	}
	s.Do(s.Superuser(), "POST", "/api/collections/messages/records", object{"conversation": s.conversation.RecordID(), "sender": s.claire.ID.RecordID(), "content": ""}).OK(400)
}

// A message and its files are stored together or not at all, although commits fail.
func TestAttachments_areBoundInOneTransaction(t *testing.T) {
	app, faults := apptest.NewFaulty(t, 7)
	s := school{App: app, college: app.Establishment("Collège")}
	s.claire = app.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	s.conversation = app.Conversation(s.claire, app.Person(s.college, protocol.RoleParent, "Jérôme", "Lefèvre"))
	files := make([]protocol.Attachment, 20)
	for i := range files {
		files[i] = s.uploaded(s.claire, s.conversation, "a.txt", "a")
	}
	faults.Fail(0.5)
	for i, file := range files {
		s.Post(s.claire, messagesPath(s.conversation), object{"content": "", "client_id": fmt.Sprint(i), "attachments": []protocol.ID{file.ID}})
	}
	faults.Fail(0)
	messages, bound := s.Count("messages"), 0
	if err := s.DB().NewQuery("SELECT count(*) FROM attachments a JOIN messages m ON m.id = a.message").Row(&bound); err != nil {
		t.Fatal(err)
	}
	if stored, lost := faults.Counts(); messages != bound || stored == 0 || lost == 0 {
		t.Errorf("%d messages with %d files, of commits that failed %d stored and %d lost", messages, bound, stored, lost)
	}
	for i, file := range files { // sent again, each is there once
		s.Post(s.claire, messagesPath(s.conversation), object{"content": "", "client_id": fmt.Sprint(i), "attachments": []protocol.ID{file.ID}})
	}
	if n := len(s.history(t, s.claire, s.conversation)); n != len(files) || s.Count("messages") != len(files) {
		t.Errorf("%d messages in the page, %d stored", n, s.Count("messages"))
	}
}
