package backup_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/backup"
	"messagerie/hooks/config"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
)

// points are the restore points of a data directory, oldest first.
func points(t *testing.T, dir string) (found []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "restore_points", "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// people creates pupils.
func people(s school, count int) (ids []string) {
	college := s.Establishment("Lycée")
	for i := range count {
		ids = append(ids, s.Person(college, protocol.RoleStudent, "Élève", fmt.Sprint("n", i)).Record.Id)
	}
	return ids
}

// rowsOf is how many rows a table has in an archive.
func rowsOf(t *testing.T, archive, table string) int {
	t.Helper()
	dir := t.TempDir()
	restore(t, dir, archive, "")
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer plainapp.Terminate(app) //nolint:errcheck // it was only read
	count, err := app.CountRecords(table)
	if err != nil {
		t.Fatal(err)
	}
	return int(count)
}

func TestPoint_isTakenBeforeACollectionIsEmptied(t *testing.T) {
	s := newSchool(t)
	s.sendsFile(t, "un fichier")
	s.Says(s.claire, s.conversation, "bonjour")
	for _, token := range []string{"", s.claire.Token} {
		if got := s.Do(token, "DELETE", "/api/collections/messages/truncate", nil); got.StatusCode < 400 {
			t.Fatalf("status %d", got.StatusCode)
		}
	}
	if got := points(t, s.Dir); len(got) != 0 {
		t.Errorf("those who may not have made %q", got)
	}
	admin := s.Superuser()
	s.Do(admin, "DELETE", "/api/collections/annuaire/truncate", nil).Refused(http.StatusBadRequest, protocol.CodeInvalidRequest) // a view has nothing to lose
	if got := points(t, s.Dir); len(got) != 0 {
		t.Errorf("a view made %q", got)
	}
	s.Do(admin, "DELETE", "/api/collections/messages/truncate", nil).OK(http.StatusNoContent)
	got := points(t, s.Dir)
	if len(got) != 1 || !strings.HasSuffix(got[0], "_before_truncating_messages.zip") || s.Count("messages") != 0 {
		t.Fatalf("%q; %d messages", got, s.Count("messages"))
	}
	s.Stop()
	stored := files(t, filepath.Join(s.Dir, "storage"))
	restore(t, s.Dir, got[0], "")
	if now := files(t, filepath.Join(s.Dir, "storage")); len(now) != len(stored) {
		t.Errorf("a restore point replaced the files: %d, then %d", len(stored), len(now))
	}
	if got := apptest.Open(t, s.Dir).Count("messages"); got != 2 {
		t.Errorf("restored, there are %d messages", got)
	}
}

func TestPoint_isTakenBeforeMoreThanTwentyPeopleAreDeleted(t *testing.T) {
	s := newSchool(t)
	admin, pupils := s.Superuser(), people(s, 45)
	all := s.Count("users")
	remove := func(ids []string) {
		t.Helper()
		for _, id := range ids {
			s.Do(admin, "DELETE", "/api/collections/users/records/"+id, nil).OK(http.StatusNoContent)
		}
	}
	remove(pupils[:20])
	if got := points(t, s.Dir); len(got) != 0 {
		t.Errorf("twenty: %q", got)
	}
	s.Backups.EndMinute()
	remove(pupils[20:])
	got := points(t, s.Dir)
	if len(got) != 1 {
		t.Fatalf("twenty-five: %q", got)
	}
	if rows := rowsOf(t, got[0], "users"); rows != all-20 {
		t.Errorf("it has %d people, not the %d before the first of many", rows, all-20)
	}
}

// Those who have left are erased night after night: each restore point would keep what was erased the night before.
func TestPoint_isTakenOnceAWeekBeforePeopleWhoHaveLeftAreErased(t *testing.T) {
	s := newSchool(t)
	now := time.Now()
	s.Backups.SetNow(func() time.Time { return now })
	eraser := privacy.NewEraser(s.App.App, s.Records, config.Retention{LeaversMonths: 3, LeaversMessages: "keep"})
	for night, want := range []int{1, 1, 2} {
		for _, id := range people(s, 21) {
			record, err := s.FindRecordById("users", id)
			if err == nil {
				record.Load(map[string]any{"disabled": true, "left_at": time.Now().AddDate(0, -4, 0)})
				err = s.Save(record)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if erased, err := eraser.EraseDue(); err != nil || erased != 21 {
			t.Fatalf("erased %d, %v", erased, err)
		}
		s.Backups.WaitPoints()
		s.Backups.EndMinute()
		if got := points(t, s.Dir); len(got) != want {
			t.Errorf("night %d: %q", night, got)
		}
		now = now.AddDate(0, 0, 4)
	}
}

func TestPoint_isTakenBesideATransaction(t *testing.T) {
	s := newSchool(t)
	pupils := people(s, 21)
	all := s.Count("users")
	err := s.RunInTransaction(func(tx core.App) error {
		for _, id := range pupils {
			record, err := tx.FindRecordById("users", id)
			if err != nil {
				return err
			}
			if err := tx.Delete(record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Backups.WaitPoints()
	got := points(t, s.Dir)
	if len(got) != 1 || rowsOf(t, got[0], "users") != all {
		t.Errorf("%q", got)
	}
}

func TestPoint_thatFindsNoRoomLetsNothingBeDeleted(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Backup.RestorePoints = 1 })
	admin, pupils := s.Superuser(), people(s, 22)
	s.Backups.SetReserve(1 << 60)
	for _, id := range pupils[:20] {
		s.Do(admin, "DELETE", "/api/collections/users/records/"+id, nil).OK(http.StatusNoContent)
	}
	for _, id := range pupils[20:] {
		s.Do(admin, "DELETE", "/api/collections/users/records/"+id, nil).OK(http.StatusBadRequest)
	}
	s.Says(s.claire, s.conversation, "bonjour")
	s.Do(admin, "DELETE", "/api/collections/messages/truncate", nil).OK(http.StatusInternalServerError)
	if s.Count("messages") != 1 || len(files(t, filepath.Join(s.Dir, "restore_points"))) != 0 {
		t.Errorf("%d messages; %q", s.Count("messages"), points(t, s.Dir))
	}
}

func TestPoints_areKeptByKindAndForAMonth(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Backup.RestorePoints = 2 })
	now := time.Date(2027, 1, 1, 3, 0, 0, 0, time.UTC)
	s.Backups.SetNow(func() time.Time { return now })
	for _, before := range []string{"before_update", "before_truncating_a", "before_truncating_b", "before_truncating_c"} {
		now = now.Add(time.Minute)
		if _, err := s.Backups.Point(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	if got := points(t, s.Dir); len(got) != 3 || !strings.Contains(got[0], "update") || !strings.Contains(got[1], "_b") {
		t.Errorf("%q", got)
	}
	now = now.AddDate(0, 0, 31)
	for _, job := range s.Cron().Jobs() {
		if job.Id() == "messagerieRestorePoints" {
			job.Run()
		}
	}
	if got := points(t, s.Dir); len(got) != 0 {
		t.Errorf("a month later there are %q", got)
	}
}

func TestUpgrade_thatFailsLeavesTheDataAndSaysHowToGoBack(t *testing.T) {
	dir := plainapp.DataDir(t)
	bootstrap := func() (*core.BaseApp, error) {
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
		backup.BindUpgrade(app, config.Default().Backup, config.Storage{})
		t.Cleanup(func() { _ = plainapp.Terminate(app) })
		return app, app.Bootstrap()
	}
	if _, err := bootstrap(); err != nil || len(points(t, dir)) != 0 {
		t.Fatalf("without anything to migrate: %v, %q", err, points(t, dir))
	}
	before := core.AppMigrations
	t.Cleanup(func() { core.AppMigrations = before })
	core.AppMigrations = core.MigrationsList{}
	core.AppMigrations.Copy(before)
	core.AppMigrations.Register(func(app core.App) error {
		_, err := app.DB().NewQuery("DELETE FROM establishments; DELETE FROM nothing").Execute()
		return err
	}, nil, "2990000001_fails.go")
	_, err := bootstrap()
	got := points(t, dir)
	if err == nil || len(got) != 1 || !strings.Contains(err.Error(), "messagerie restore '"+got[0]) {
		t.Fatalf("%q: %v", got, err)
	}
	core.AppMigrations = before
	if _, err := backup.Verify(t.Context(), got[0], ""); err != nil {
		t.Error(err)
	}
	if _, err := bootstrap(); err != nil {
		t.Error("the version from before:", err)
	}
}

func TestDashboard_makesTheSameArchive(t *testing.T) {
	s := newSchool(t)
	s.sendsFile(t, "un fichier")
	admin := s.Superuser()
	s.Do(admin, "POST", "/api/backups", map[string]any{"name": "school.zip"}).OK(http.StatusNoContent)
	got, err := backup.Verify(t.Context(), filepath.Join(s.Dir, "backups", "school.zip"), "")
	if err != nil || got.Files == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	refused := s.Do(admin, "POST", "/api/backups/school.zip/restore", nil).OK(http.StatusForbidden)
	if !strings.Contains(string(refused.Body), "messagerie restore") {
		t.Errorf("%s", refused.Body)
	}
	if err := s.RestoreBackup(t.Context(), "school.zip"); err == nil || !strings.Contains(err.Error(), "messagerie restore") {
		t.Errorf("%v", err)
	}
}

func TestSchedule_makesBackupsAndNotesFailures(t *testing.T) {
	s := newSchool(t)
	run := func() {
		for _, job := range s.Cron().Jobs() {
			if job.Id() == "messagerieBackup" {
				job.Run()
			}
		}
	}
	run()
	good, err := backup.Last(s.Dir)
	if err != nil || !good.Good() || good.Name != s.newest(t) {
		t.Fatalf("%+v, %v", good, err)
	}
	s.Backups.SetReserve(1 << 60)
	run()
	bad, err := backup.Last(s.Dir)
	if err != nil || bad.Good() || !strings.Contains(bad.Error, "room") || !bad.LastGood.Equal(good.LastGood) {
		t.Errorf("%+v, %v", bad, err)
	}
	if len(files(t, s.to)) != 1 || len(files(t, filepath.Join(s.Dir, ".backup"))) != 0 {
		t.Errorf("left: %v", files(t, s.to))
	}
}

func TestSchedule_catchesUpWhenTheServerStarts(t *testing.T) {
	for noted, want := range map[string]int{
		`{"error": "no space left"}`:            1,
		`{"last_good": "2020-01-01T01:40:00Z"}`: 1,
		`{"last_good": "2099-01-01T01:40:00Z"}`: 0,
		`{}`:                                    0, // the first one waits for the night
	} {
		dir, to := plainapp.DataDir(t), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "backup.json"), []byte(noted), 0o600); err != nil {
			t.Fatal(err)
		}
		app := apptest.Open(t, dir, func(c *config.Config) { c.Backup.To, c.Storage.Reserve = to, 1 })
		app.Backups.WaitPoints()
		if found, err := app.Backups.List(t.Context(), ""); err != nil || len(found) != want {
			t.Errorf("%s: %v, %v", noted, found, err)
		}
		app.Stop()
	}
}
