package backup_test

import (
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
	"messagerie/hooks/backup"
	"messagerie/hooks/config"
)

// inBucket is a school whose backups go to S3.
func inBucket(t *testing.T, changes ...func(*config.Config)) (school, *s3test.Server) {
	t.Helper()
	s := newSchool(t, append(changes, func(c *config.Config) { c.Backup.To = config.BackupS3 })...)
	bucket := s3test.Start(t)
	s.Configure(func(settings *core.Settings) { settings.Backups.S3 = bucket.Config() })
	return s, bucket
}

// kept are the names of the backups in a bucket.
func kept(bucket *s3test.Server) []string {
	return slices.DeleteFunc(bucket.Keys(), func(key string) bool { return !strings.HasPrefix(key, "messagerie_") })
}

func TestCreate_inABucketCanBeRestored(t *testing.T) {
	s, bucket := inBucket(t)
	s.sendsFile(t, strings.Repeat("un long fichier ", 1<<20)) // more than one part
	made, err := s.Backups.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	content, ok := bucket.Object(made.Name)
	if !ok || int64(len(content)) != made.Bytes || bucket.Unfinished() != 0 {
		t.Fatalf("%d of %d bytes are there, %d uploads are unfinished", len(content), made.Bytes, bucket.Unfinished())
	}
	if listed, err := s.Backups.List(t.Context(), ""); err != nil || len(listed) != 1 || listed[0].Name != made.Name || listed[0].Bytes != made.Bytes {
		t.Errorf("it lists %+v, %v", listed, err)
	}
	if left := files(t, filepath.Join(s.Dir, ".backup-s3")); len(left) != 0 {
		t.Errorf("it left %d files in the data directory", len(left))
	}
	messages := s.Count("messages")
	s.Stop()
	path, dir := filepath.Join(t.TempDir(), made.Name), t.TempDir()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if done := restore(t, dir, path, ""); done.Rows != made.Rows || done.Files != made.Files {
		t.Errorf("restored %+v, made %+v", done, made)
	}
	if got := apptest.Open(t, dir).Count("messages"); got != messages {
		t.Errorf("restored, there are %d messages, not %d", got, messages)
	}
}

func TestCreate_inABucketKeepsTheNewestAndWhatIsOfOthers(t *testing.T) {
	s, bucket := inBucket(t, func(c *config.Config) { c.Backup.Keep = 2 })
	system, err := s.NewBackupsFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	now := time.Date(2027, 1, 1, 1, 40, 0, 0, time.UTC)
	for i := range 120 { // several pages of a list
		if err := system.Upload([]byte("x"), "messagerie_"+now.AddDate(0, 0, i-200).Format("20060102T150405Z")+".zip"); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []string{"photo.jpg", "messagerie_notes.txt", "autre/messagerie_20200101T014000Z.zip"} {
		if err := system.Upload([]byte("x"), other); err != nil {
			t.Fatal(err)
		}
	}
	s.Backups.SetNow(func() time.Time { return now })
	for range 3 {
		now = now.Add(24 * time.Hour)
		if _, err := s.Backups.Create(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"messagerie_20270103T014000Z.zip", "messagerie_20270104T014000Z.zip", "messagerie_notes.txt"}
	if got := kept(bucket); !slices.Equal(got, want) {
		t.Errorf("it keeps %q", got)
	}
	if keys := bucket.Keys(); !slices.Contains(keys, "photo.jpg") || !slices.Contains(keys, "autre/messagerie_20200101T014000Z.zip") {
		t.Errorf("what is of others: %q", keys)
	}
}

// Whatever fails in between, the good ones stay, nothing half has the name of a backup, and it is noted.
func TestCreate_inABucketThatFailsLosesNothing(t *testing.T) {
	s, bucket := inBucket(t, func(c *config.Config) { c.Backup.Keep = 1 })
	now := time.Date(2027, 1, 1, 1, 40, 0, 0, time.UTC)
	s.Backups.SetNow(func() time.Time { return now })
	s.sendsFile(t, strings.Repeat("un long fichier ", 1<<20))
	good, err := s.Backups.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, fails := range map[string]func(*http.Request) bool{
		"everything":    func(*http.Request) bool { return true },
		"the last part": func(r *http.Request) bool { return r.URL.Query().Get("partNumber") == "2" },
		"the end":       func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Query().Has("uploadId") },
		"looking at it": func(r *http.Request) bool { return r.Method == http.MethodHead },
	} {
		t.Run(name, func(t *testing.T) {
			bucket.Fail(fails)
			now = now.Add(time.Hour)
			if _, err := s.Backups.Create(t.Context(), ""); err == nil {
				t.Error("it succeeded")
			}
			if last, err := backup.Last(s.Dir); err != nil || last.Good() || last.LastGood.IsZero() {
				t.Errorf("the status is %+v, %v", last, err)
			}
			if !slices.Contains(kept(bucket), good.Name) {
				t.Errorf("the good one is gone: %q", kept(bucket))
			}
			if left := files(t, filepath.Join(s.Dir, ".backup-s3")); len(left) != 0 {
				t.Errorf("it left %d files in the data directory", len(left))
			}
			bucket.Fail(nil)
		})
	}
}
