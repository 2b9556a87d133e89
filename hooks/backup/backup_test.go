package backup_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/apptest"
	"messagerie/hooks/backup"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// school is an app with two people who write to each other.
type school struct {
	*apptest.App
	claire, jerome apptest.Person
	conversation   protocol.ID
	to             string // for backups
}

func newSchool(t *testing.T, changes ...func(*config.Config)) school {
	t.Helper()
	to := filepath.Join(t.TempDir(), "backups")
	place := func(c *config.Config) { c.Backup.To, c.Storage.Reserve = to, 1 }
	app := apptest.New(t, append([]func(*config.Config){place}, changes...)...)
	college := app.Establishment("Collège")
	s := school{App: app, to: to, claire: app.Person(college, protocol.RoleTeacher, "Claire", "Martin"),
		jerome: app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")}
	s.conversation = app.Conversation(s.claire, s.jerome)
	return s
}

// sendsFile sends a message with a file.
func (s school) sendsFile(t *testing.T, content string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, content)
	form.Close()
	req, err := http.NewRequest("POST", fmt.Sprintf("%s/api/messagerie/attachments/%d/", s.URL, s.conversation), &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.claire.Token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	var file protocol.Attachment
	s.Send(req).OK(http.StatusCreated).Into(&file)
	s.Post(s.claire, fmt.Sprintf("/api/messagerie/messages/%d/", s.conversation),
		map[string]any{"content": content[:min(100, len(content))], "attachments": []protocol.ID{file.ID}}).OK(http.StatusCreated)
}

// create makes a backup and returns its path.
func (s school) create(t *testing.T) string {
	t.Helper()
	made, err := s.Backups.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(s.to, made.Name)
}

// files reads all of a directory.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[name] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func restore(t *testing.T, dir, from, identity string) backup.Restored {
	t.Helper()
	done, err := backup.Restore(t.Context(), dir, from, identity, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// The drill: people write while the backup is made, the data are lost, and the backup brings them back.
func TestRestore_bringsBackEveryRowAndFile(t *testing.T) {
	s := newSchool(t)
	for i := range 8 {
		s.sendsFile(t, strings.Repeat(fmt.Sprint("fichier ", i), 1000))
	}
	before := s.Count("messages")
	sentFiles := files(t, filepath.Join(s.Dir, "storage"))
	type outcome struct {
		made backup.Made
		err  error
	}
	ended := make(chan outcome, 1)
	go func() {
		made, err := s.Backups.Create(t.Context(), "")
		ended <- outcome{made, err}
	}()
	var made backup.Made
	for writing := true; writing; {
		s.Says(s.jerome, s.conversation, "pendant la sauvegarde")
		select {
		case o := <-ended:
			if o.err != nil {
				t.Fatal(o.err)
			}
			made, writing = o.made, false
		default:
		}
	}
	after := s.Count("messages")
	s.Stop()

	lost := s.Dir
	if err := errors.Join(os.Remove(filepath.Join(lost, "data.db")), os.RemoveAll(filepath.Join(lost, "storage"))); err != nil {
		t.Fatal(err)
	}
	done := restore(t, lost, filepath.Join(s.to, made.Name), "")
	if done.Files != len(sentFiles) || made.Files != done.Files || made.Rows != done.Rows {
		t.Errorf("made %+v, restored %+v, %d files were there", made, done, len(sentFiles))
	}
	if got := files(t, filepath.Join(lost, "storage")); !maps.Equal(got, sentFiles) {
		t.Errorf("the files differ: %q, not %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(sentFiles)))
	}
	again := apptest.Open(t, lost)
	if got := again.Count("messages"); got < before || got > after {
		t.Errorf("%d messages, %d were there before the backup and %d after it", got, before, after)
	}
	again.Says(s.jerome, s.conversation, "après")
	if free, err := backup.Last(lost); err != nil || !free.Good() || free.Name != made.Name || free.LastGood.IsZero() {
		t.Errorf("the status is %+v, %v", free, err)
	}
}

func TestRestore_keepsWhatWasThereAndGoesBack(t *testing.T) {
	s := newSchool(t)
	s.sendsFile(t, "avant")
	path := s.create(t)
	s.sendsFile(t, "après")
	newest := s.Count("messages")
	s.Stop()

	done := restore(t, s.Dir, path, "")
	app := apptest.Open(t, s.Dir)
	if got := app.Count("messages"); got != newest-1 {
		t.Errorf("restored, it has %d messages", got)
	}
	app.Stop()
	if _, err := backup.Restore(t.Context(), s.Dir, t.TempDir(), "", time.Now().Add(time.Minute)); !errors.Is(err, backup.ErrForeign) {
		t.Errorf("a foreign directory: %v", err)
	}
	if _, err := backup.Restore(t.Context(), s.Dir, done.Aside, "", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	app = apptest.Open(t, s.Dir)
	if got := app.Count("messages"); got != newest {
		t.Errorf("gone back, it has %d messages, not %d", got, newest)
	}
	if stored := files(t, filepath.Join(s.Dir, "storage")); !strings.Contains(fmt.Sprint(stored), "après") {
		t.Errorf("gone back, it has the files %q", slices.Sorted(maps.Keys(stored)))
	}
}

// Whichever rename was the last, the next start carries out the others.
func TestRestore_isFinishedAfterAnInterruption(t *testing.T) {
	for after := range 3 {
		dir := t.TempDir()
		for name, content := range map[string]string{"data.db": "alt", "data.db-wal": "alt", "storage/a": "alt", ".restore/data.db": "neu", ".restore/storage/b": "neu"} {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		if err := backup.Interrupt(dir, "before_restore_x", after); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := backup.FinishRestore(dir); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]string{"data.db": "neu", "storage/b": "neu", "before_restore_x/data.db": "alt",
			"before_restore_x/data.db-wal": "alt", "before_restore_x/storage/a": "alt"}
		if got := files(t, dir); !maps.Equal(got, want) {
			t.Errorf("after %d renames: %q", after, got)
		}
	}
}

// After an interruption a server of an earlier version may make another database. It is kept, and replaces nothing.
func TestRestore_thatIsFinishedKeepsWhatWasMadeMeanwhile(t *testing.T) {
	dir := t.TempDir()
	write := func(files map[string]string) {
		t.Helper()
		for name, content := range files {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(map[string]string{"data.db": "alt", "storage/a": "alt", ".restore/data.db": "neu", ".restore/storage/b": "neu"})
	if err := backup.Interrupt(dir, "before_restore_x", 2); err != nil { // both are aside
		t.Fatal(err)
	}
	write(map[string]string{"data.db": "meanwhile", "storage/c": "meanwhile"})
	if err := backup.FinishRestore(dir); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"data.db": "neu", "storage/b": "neu", "before_restore_x/data.db": "alt", "before_restore_x/storage/a": "alt",
		"before_restore_x/made_meanwhile/data.db": "meanwhile", "before_restore_x/made_meanwhile/storage/c": "meanwhile"}
	if got := files(t, dir); !maps.Equal(got, want) {
		t.Errorf("it left %q", got)
	}
}

func TestVerify_findsWhatIsWrong(t *testing.T) {
	s := newSchool(t)
	s.sendsFile(t, strings.Repeat("contenu", 100))
	path := s.create(t)
	if got, err := backup.Verify(t.Context(), path, ""); err != nil || got.Files == 0 || got.Rows == 0 {
		t.Fatalf("a good one: %+v, %v", got, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(content []byte, want error, what string) {
		t.Helper()
		broken := filepath.Join(t.TempDir(), "broken.zip")
		if err := os.WriteFile(broken, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Verify(t.Context(), broken, ""); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		empty := t.TempDir()
		if _, err := backup.Restore(t.Context(), empty, broken, "", time.Now()); !errors.Is(err, want) || len(files(t, empty)) > 0 {
			t.Errorf("%s, restored: %v, %q", what, err, files(t, empty))
		}
	}
	flipped := bytes.Clone(data)
	flipped[len(data)/2] ^= 1
	try(flipped, backup.ErrDamaged, "a flipped bit of the database")
	flipped = bytes.Clone(data)
	flipped[bytes.Index(data, []byte("contenucontenu"))] ^= 1
	try(flipped, backup.ErrDamaged, "a flipped bit of a file")
	try(data[:len(data)-10], backup.ErrDamaged, "without its end")
	try(data[:len(data)/2], backup.ErrDamaged, "a half")
	try([]byte("Bonjour"), backup.ErrForeign, "another file")
	try(nil, backup.ErrForeign, "an empty file")
	try(rewrite(t, data, func(name, content string) (string, string) { return "other/" + name, content }), backup.ErrForeign, "another archive")
	try(rewrite(t, data, func(name, content string) (string, string) {
		return name, strings.Replace(content, `"format":1`, `"format":2`, 1)
	}), backup.ErrNewer, "a newer format")
	try(rewrite(t, data, func(name, content string) (string, string) {
		return name, strings.Replace(content, `"1790000001_establishments.go"`, `"2790000001_later.go"`, 1)
	}), backup.ErrNewer, "a newer schema")
	for _, evil := range []string{"../evil.txt", "storage/../../evil.txt", "/etc/evil.txt", `storage\..\..\evil.txt`, "config.yaml"} {
		try(rewrite(t, data, func(name, content string) (string, string) {
			if strings.HasPrefix(name, "storage/") && !strings.Contains(name, "attrs") {
				return evil, content
			}
			return name, strings.ReplaceAll(content, `"`+attachment(t, data)+`"`, fmt.Sprintf("%q", evil))
		}), backup.ErrForeign, evil)
	}
}

// attachment is the name of the archive's file of a message.
func attachment(t *testing.T, data []byte) (name string) {
	t.Helper()
	rewrite(t, data, func(entry, content string) (string, string) {
		if strings.HasPrefix(entry, "storage/") && !strings.Contains(entry, "attrs") {
			name = entry
		}
		return entry, content
	})
	return name
}

// rewrite makes an archive of changed entries.
func rewrite(t *testing.T, data []byte, change func(name, content string) (string, string)) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	out := zip.NewWriter(&changed)
	for _, file := range in.File {
		from, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		name, text := change(file.Name, string(content))
		to, err := out.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(to, text)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return changed.Bytes()
}

// Somebody keeps copies elsewhere as they like; how the nightly ones end is told all the same.
func TestCreate_elsewhereRemovesNothingAndHidesNothing(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Backup.Keep = 1 })
	now, elsewhere := time.Now(), t.TempDir()
	s.Backups.SetNow(func() time.Time { return now })
	nightly := filepath.Base(s.create(t))
	for range 2 {
		now = now.Add(time.Minute)
		if _, err := s.Backups.Create(t.Context(), elsewhere); err != nil {
			t.Fatal(err)
		}
	}
	if kept := files(t, elsewhere); len(kept) != 2 {
		t.Errorf("it kept %d there", len(kept))
	}
	if last, err := backup.Last(s.Dir); err != nil || last.Name != nightly || last.To != s.to {
		t.Errorf("the status is %+v, %v", last, err)
	}
	now = now.Add(time.Minute)
	s.create(t)
	if kept := files(t, s.to); len(kept) != 1 || kept[nightly] != "" {
		t.Errorf("where they are counted there are %q", slices.Sorted(maps.Keys(kept)))
	}
}

// A disk that isn't mounted leaves an empty directory, or none, on the disk below.
func TestCreate_refusesAPlaceThatIsGone(t *testing.T) {
	s := newSchool(t)
	now := time.Now()
	s.Backups.SetNow(func() time.Time { return now })
	path := s.create(t)
	now = now.Add(time.Hour)
	disk := s.to + ".disk"
	if err := os.Rename(s.to, disk); err != nil {
		t.Fatal(err)
	}
	for range 2 { // without the directory, and with an empty one
		if _, err := s.Backups.Create(t.Context(), ""); !errors.Is(err, backup.ErrLostPlace) || !strings.Contains(err.Error(), "backup.json") {
			t.Errorf("got %v", err)
		}
		if made := files(t, s.to); len(made) != 0 {
			t.Errorf("it wrote %q", slices.Sorted(maps.Keys(made)))
		}
		if err := os.MkdirAll(s.to, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := backup.Last(s.Dir); err != nil || last.Good() || last.LastGood.IsZero() {
		t.Errorf("the status is %+v, %v", last, err)
	}
	if err := errors.Join(os.Remove(s.to), os.Rename(disk, s.to)); err != nil {
		t.Fatal(err)
	}
	if again := s.create(t); again == path {
		t.Error("mounted again, it made none")
	}
}

func TestCreate_makesOnlyTheLastDirectoryOfAPlace(t *testing.T) {
	s := newSchool(t)
	mount := filepath.Join(t.TempDir(), "mnt")
	if _, err := s.Backups.Create(t.Context(), filepath.Join(mount, "backups")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(mount); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it made the mount point")
	}
	if err := os.MkdirAll(filepath.Join(s.Dir, "storage", "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backups.Create(t.Context(), filepath.Join(s.Dir, "storage", "files")); err == nil || !strings.Contains(err.Error(), "inside") {
		t.Errorf("inside of what is backed up: %v", err)
	}
}

func TestWeakness_isThatOfTheDisk(t *testing.T) {
	data := t.TempDir()
	for to, want := range map[string]backup.Weakness{
		"": backup.Sound, config.BackupS3: backup.Sound, "/proc/backups": backup.Sound,
		filepath.Join(data, "backups"): backup.InsideData, data: backup.InsideData,
		t.TempDir(): backup.SameDisk, filepath.Join(t.TempDir(), "backups"): backup.SameDisk,
	} {
		if got := backup.WeaknessOf(data, to); got != want {
			t.Errorf("%q is %q, want %q", to, got, want)
		}
	}
}

// hungDisk is a look at the place of backups that doesn't end until the test does, such as that of a network disk whose
// server is off.
type hungDisk struct {
	service *backup.Service
	app     core.App
	to      string
	begun   chan struct{} // one for each look
	answer  chan backup.Weakness
}

func newHungDisk(t *testing.T) hungDisk {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	h := hungDisk{app: app, to: filepath.Join(t.TempDir(), "mnt", "nas"), begun: make(chan struct{}, 10), answer: make(chan backup.Weakness)}
	cfg := config.Default()
	cfg.Backup.To = h.to
	h.service = backup.New(app, cfg.Backup, cfg.Storage)
	h.service.SetLook(func(dataDir, to string) backup.Weakness {
		if dataDir != app.DataDir() || to != h.to {
			t.Errorf("it looks at %s and %s", dataDir, to)
		}
		h.begun <- struct{}{}
		return <-h.answer
	})
	h.service.Bind()
	t.Cleanup(func() { close(h.answer) })
	return h
}

func (h hungDisk) start(t *testing.T) {
	t.Helper()
	served := false
	err := h.app.OnServe().Trigger(&core.ServeEvent{App: h.app, Router: router.NewRouter[*core.RequestEvent](nil)}, func(*core.ServeEvent) error {
		served = true
		return nil
	})
	if err != nil || !served {
		t.Fatalf("the server starts: %v, %v", served, err)
	}
}

func (h hungDisk) run(t *testing.T, id string) {
	t.Helper()
	for _, job := range h.app.Cron().Jobs() {
		if job.Id() == id {
			job.Run()
			return
		}
	}
	t.Fatalf("there is no job %s", id)
}

func TestWeakness_isNotWaitedFor(t *testing.T) {
	h := newHungDisk(t)
	h.start(t)
	<-h.begun
	h.run(t, "messagerieBackupPlace")
	if got := h.service.Weakness(); got != backup.Sound || len(h.begun) > 0 {
		t.Errorf("before an answer it is %q, and %d more looks have begun", got, len(h.begun))
	}
	if err := h.app.OnTerminate().Trigger(&core.TerminateEvent{App: h.app}); err != nil {
		t.Errorf("the process ends: %v", err)
	}
}

func TestWeakness_isLookedAtAgain(t *testing.T) {
	h := newHungDisk(t)
	h.start(t)
	for want, next := range map[backup.Weakness]string{backup.SameDisk: "messagerieBackupPlace", backup.InsideData: "messagerieBackup"} {
		<-h.begun
		h.answer <- want
		for h.service.IsLooking() {
			runtime.Gosched()
		}
		if got := h.service.Weakness(); got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
		h.run(t, next)
	}
	<-h.begun
}

// The disk of backups isn't that of the school's texts: others may read it.
func TestVerify_unpacksBesideTheBackupLast(t *testing.T) {
	keys := identity(t)
	for name, key := range map[string]keyPair{"plain": {}, "encrypted": keys} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t, func(c *config.Config) { c.Backup.AgeRecipient = key.recipient })
			path := s.create(t)
			missing := filepath.Join(t.TempDir(), "missing")
			t.Setenv("TMPDIR", missing)
			before := time.Unix(1_700_000_000, 0)
			if err := os.Chtimes(s.to, before, before); err != nil {
				t.Fatal(err)
			}
			untouched := func() bool {
				info, err := os.Stat(s.to)
				return err == nil && info.ModTime().Equal(before)
			}
			if _, err := backup.Verify(t.Context(), path, key.file, s.Dir); err != nil || !untouched() {
				t.Errorf("in the data directory: %v, the folder of backups is untouched: %v", err, untouched())
			}
			_, err := backup.Verify(t.Context(), path, key.file, missing)
			if encrypted := name == "encrypted"; errors.Is(err, fs.ErrNotExist) != encrypted || untouched() != encrypted {
				t.Errorf("with no other place: %v, the folder of backups is untouched: %v", err, untouched())
			}
		})
	}
}

func TestCreate_encryptsOnRequest(t *testing.T) {
	keys, other := identity(t), identity(t)
	s := newSchool(t, func(c *config.Config) { c.Backup.AgeRecipient = keys.recipient })
	s.sendsFile(t, "secret de la classe")
	path := s.create(t)
	data, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".zip.age") || bytes.Contains(data, []byte("secret de la classe")) {
		t.Fatalf("%s, %v", path, err)
	}
	for file, want := range map[string]error{keys.file: nil, other.file: backup.ErrIdentity, "": backup.ErrIdentity} {
		if _, err := backup.Verify(t.Context(), path, file); !errors.Is(err, want) {
			t.Errorf("with %q: %v", file, err)
		}
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Verify(t.Context(), path, keys.file); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("a flipped bit: %v", err)
	}
	if err := s.CreateBackup(t.Context(), "school.zip"); err == nil || !strings.Contains(err.Error(), "messagerie backup") {
		t.Errorf("the dashboard made one that isn't encrypted: %v", err)
	}
}

type keyPair struct{ recipient, file string }

func identity(t *testing.T) keyPair {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return keyPair{key.Recipient().String(), file}
}

func TestCreate_keepsByNumberAndAgeAndAlwaysTheNewest(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Backup.Keep, c.Backup.KeepDays = 2, 30 })
	now := time.Date(2027, 1, 1, 1, 40, 0, 0, time.UTC)
	s.Backups.SetNow(func() time.Time { return now })
	make := func(days int) (names []string) {
		t.Helper()
		now = now.AddDate(0, 0, days)
		s.create(t)
		found, err := s.Backups.List(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, stored := range found {
			names = append(names, stored.Name)
		}
		return names
	}
	other := filepath.Join(s.to, "photo.zip")
	first := make(0)
	if err := os.WriteFile(other, []byte("une photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := make(1)
	if len(second) != 2 || second[1] != first[0] {
		t.Errorf("%q, then %q", first, second)
	}
	if third := make(1); len(third) != 2 || third[1] != second[0] {
		t.Errorf("%q, then %q", second, third)
	}
	if late := make(60); len(late) != 1 {
		t.Errorf("two months later there are %q", late)
	}
	if set := make(-90); len(set) != 2 { // the clock was set back
		t.Errorf("with the clock set back there are %q", set)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("somebody else's file:", err)
	}
	found, err := os.Stat(filepath.Join(s.to, s.newest(t)))
	if err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", found.Mode(), err)
	}
}

// newest is the name of the newest backup.
func (s school) newest(t *testing.T) string {
	t.Helper()
	found, err := s.Backups.List(t.Context(), "")
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	return found[0].Name
}
