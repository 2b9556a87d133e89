package rest_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/s3test"
	"messagerie/hooks/protocol"
)

// inS3 is a school whose files are in a bucket.
func inS3(t *testing.T) (school, *s3test.Server) {
	t.Helper()
	bucket := s3test.Start(t)
	s := newSchool(t)
	s.Configure(func(settings *core.Settings) { settings.S3 = bucket.Config() })
	return s, bucket
}

func (s school) getPart(t *testing.T, as apptest.Person, id protocol.ID, part string) *apptest.Response {
	t.Helper()
	req, err := http.NewRequest("GET", s.URL+attachmentPath(id), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+as.Token)
	req.Header.Set("Range", part)
	return s.Send(req)
}

func TestAttachments_inS3(t *testing.T) {
	s, bucket := inS3(t)
	picture := photo(t, 1300, 650)
	large := []byte(strings.Repeat("Bonjour à tous. ", 500_000)) // 8.5 MB, in two parts
	var plan, text protocol.Attachment
	s.uploadFile(s.claire, s.conversation, "plan.jpg", picture).OK(201).Into(&plan)
	s.uploadFile(s.claire, s.conversation, "cours.txt", large).OK(201).Into(&text)
	if keys := bucket.Keys(); len(keys) != 3 || bucket.Unfinished() != 0 {
		t.Errorf("the bucket has %q, and %d that are unfinished", keys, bucket.Unfinished())
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "storage", s.Find("attachments", plan.ID).BaseFilesPath())); !os.IsNotExist(err) {
		t.Errorf("the file is on the disk as well: %v", err)
	}
	s.sendWith(s.claire, s.conversation, "", plan.ID, text.ID).OK(201)

	if got := s.Get(s.jerome, attachmentPath(plan.ID)).OK(200); !bytes.Equal(got.Body, picture) || got.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d bytes of %s, want %d", len(got.Body), got.Header.Get("Content-Type"), len(picture))
	}
	if small := s.Get(s.jerome, attachmentPath(plan.ID)+"?thumbnail=1").OK(200); len(small.Body) == 0 || len(small.Body) >= len(picture) {
		t.Errorf("the thumbnail has %d bytes", len(small.Body))
	}
	for part, want := range map[string][]byte{
		"bytes=0-6": large[:7], "bytes=8000000-8000099": large[8_000_000:8_000_100], "bytes=-5": large[len(large)-5:], "bytes=8400000-": large[8_400_000:],
	} {
		if got := s.getPart(t, s.jerome, text.ID, part).OK(206); !bytes.Equal(got.Body, want) {
			t.Errorf("%s: %d bytes, want %d", part, len(got.Body), len(want))
		}
	}
	s.getPart(t, s.jerome, text.ID, "bytes=90000000-").OK(416)
	s.Get(s.outsider, attachmentPath(plan.ID)).Refused(404, protocol.CodeNotFound)

	folder := s.Find("attachments", plan.ID).BaseFilesPath()
	var gone []<-chan struct{}
	for _, key := range bucket.Keys() {
		if strings.HasPrefix(key, folder) {
			gone = append(gone, bucket.Gone(key))
		}
	}
	s.Remove("attachments", plan.ID)
	s.Get(s.jerome, attachmentPath(plan.ID)).Refused(404, protocol.CodeNotFound)
	for _, channel := range gone {
		<-channel
	}
	if keys := bucket.Keys(); len(gone) != 2 || len(keys) != 1 {
		t.Errorf("%d were removed, and the bucket has %q", len(gone), keys)
	}
}

func TestAttachments_whileS3Fails(t *testing.T) {
	s, bucket := inS3(t)
	bucket.Fail(func(r *http.Request) bool { return r.Method == "PUT" && strings.Contains(r.URL.Path, "thumbnail") })
	s.uploadFile(s.claire, s.conversation, "plan.jpg", photo(t, 1300, 650)).Refused(503, protocol.CodeUnavailable)
	if n, keys := s.Count("attachments"), bucket.Keys(); n != 0 || len(keys) != 0 {
		t.Errorf("%d rows are stored, and %q", n, keys)
	}
	bucket.Fail(nil)
	file := s.uploaded(s.claire, s.conversation, "a.txt", "bonjour")
	bucket.Fail(func(*http.Request) bool { return true })
	s.Get(s.claire, attachmentPath(file.ID)).Refused(503, protocol.CodeUnavailable)
	bucket.Fail(nil)
	if got := s.Get(s.claire, attachmentPath(file.ID)).OK(200); string(got.Body) != "bonjour" {
		t.Errorf("%q", got.Body)
	}
}

// A file without its record, because the bucket couldn't be reached when it was removed, or the server was killed.
func TestAttachments_filesWithoutARecordGoFromS3(t *testing.T) {
	s, bucket := inS3(t)
	kept := s.uploaded(s.claire, s.conversation, "a.txt", "a")
	files, err := s.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	lost := s.Find("attachments", kept.ID).Collection().BaseFilesPath() + "/" + (kept.ID - 1).RecordID() + "/file.txt"
	if err := files.Upload([]byte("x"), lost); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Files.RemoveLost(time.Now().Add(time.Hour)); err != nil || removed != 1 {
		t.Errorf("%d (%v)", removed, err)
	}
	if keys := bucket.Keys(); len(keys) != 1 || slices.Contains(keys, lost) {
		t.Errorf("the bucket has %q", keys)
	}
}
