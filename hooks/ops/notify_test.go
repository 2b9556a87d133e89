package ops_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/apptest"
	"messagerie/hooks/backup"
	"messagerie/hooks/config"
	"messagerie/hooks/ops"
	"messagerie/hooks/protocol"
)

// told is a server whose mails are caught before they reach a mail server.
type told struct {
	*apptest.App
	cfg  config.Config
	now  time.Time
	down bool
	to   []string
	said []string
}

func newTold(t *testing.T) *told {
	s := &told{App: apptest.New(t), now: time.Now()}
	s.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Func: func(e *core.MailerEvent) error {
		if s.down {
			return errors.New("the mail server is down")
		}
		s.to = append(s.to, e.Message.To[0].Address)
		s.said = append(s.said, e.Message.Subject+e.Message.HTML)
		return nil
	}})
	return s
}

func (s *told) notifier(to ...string) *ops.Notifier {
	n := ops.NewNotifier(s.App, ops.NewProblems(s.App, s.Records, s.MailQueue, s.Backups.Weakness, s.cfg), to)
	n.SetNow(func() time.Time { return s.now })
	return n
}

func (s *told) backup(t *testing.T, state string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir, "backup.json"), []byte(state), 0o600); err != nil {
		t.Fatal(err)
	}
}

const failedBackup = `{"finished":"2026-01-02T03:04:05Z","error":"no route to host"}`

func TestNotifier_tellsTheAdministrationOnceADay(t *testing.T) {
	s := newTold(t)
	college := s.Establishment("Collège")
	head := s.Person(college, protocol.RoleAdmin, "Anne", "Petit")
	s.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	gone := s.Person(college, protocol.RoleAdmin, "Paul", "Ancien")
	gone.Record.Set("disabled", true)
	if err := s.Save(gone.Record); err != nil {
		t.Fatal(err)
	}
	n := s.notifier()
	n.Round(t.Context())
	if len(s.to) > 0 {
		t.Fatalf("without a problem, %v were told", s.to)
	}
	s.backup(t, failedBackup)
	s.now = s.now.Add(time.Minute)
	for range 3 {
		n.Round(t.Context())
	}
	if !slices.Equal(s.to, []string{head.Email}) || !strings.Contains(s.said[0], "la sauvegarde a échoué") || strings.Contains(s.said[0], "no route") {
		t.Fatalf("%v were told %v", s.to, s.said)
	}
	s.notifier().Round(t.Context()) // after a restart
	if len(s.to) != 1 {
		t.Error("a restart repeats the mail")
	}
	s.now = s.now.Add(25 * time.Hour)
	n.Round(t.Context())
	if len(s.to) != 2 {
		t.Error("nobody was told on the next day")
	}
}

func TestNotifier_triesAgainUntilSomebodyIsTold(t *testing.T) {
	s := newTold(t)
	s.backup(t, failedBackup)
	n := s.notifier("ops@ecole.example", "deux@ecole.example")
	s.down = true
	n.Round(t.Context())
	s.backup(t, `{"finished":"`+s.now.Format(time.RFC3339)+`"}`)
	s.down, s.now = false, s.now.Add(10*time.Minute)
	n.Round(t.Context())
	if !slices.Equal(s.to, []string{"ops@ecole.example", "deux@ecole.example"}) {
		t.Errorf("%v were told", s.to)
	}
}

// What lasts for months, or is one wrong address of hundreds, is shown in the client alone.
func TestProblems_nameLettersThatWaitForSettings(t *testing.T) {
	s := newTold(t)
	problems := ops.NewProblems(s.App, s.Records, s.MailQueue, s.Backups.Weakness, s.cfg)
	problems.SetNow(func() time.Time { return s.now })
	if got := problems.List(); len(got) != 0 {
		t.Errorf("without letters: %v", got)
	}
	letter := s.Create("emails", map[string]any{"subject": "Sortie", "content": "<p>Bonjour</p>"})
	s.Create("email_recipients", map[string]any{"email": letter.Id, "address": "anne@ecole.example", "state": "queued"})
	s.now = s.now.Add(time.Minute)
	if got := problems.List(); !slices.Equal(got, []protocol.ServerProblem{{Cause: protocol.CauseMail, Code: "settings"}}) {
		t.Errorf("the problems are %v", got)
	}
}

func TestProblems_thatAreOnlyShown(t *testing.T) {
	s := newTold(t)
	s.Person(s.Establishment("Collège"), protocol.RoleAdmin, "Anne", "Petit")
	problems := ops.NewProblems(s.App, s.Records, s.MailQueue, func() backup.Weakness { return backup.InsideData }, s.cfg)
	problems.SetNow(func() time.Time { return s.now })
	place := protocol.ServerProblem{Cause: protocol.CauseBackupPlace, Code: "inside_data"}
	if got := problems.List(); !slices.Equal(got, []protocol.ServerProblem{place}) {
		t.Errorf("the problems are %v", got)
	}
	letter := s.Create("emails", map[string]any{"subject": "Sortie", "content": "<p>Bonjour</p>"})
	s.Create("email_recipients", map[string]any{"email": letter.Id, "address": "nobody@ecole.example", "state": "failed"})
	s.now = s.now.Add(time.Minute)
	if got := problems.List(); !slices.Equal(got, []protocol.ServerProblem{place, {Cause: protocol.CauseLetters, Code: "failed"}}) {
		t.Errorf("with a letter that failed: %v", got)
	}
	s.notifier().Round(t.Context())
	if len(s.said) != 0 {
		t.Errorf("it was mailed: %q", s.said)
	}
	s.now = s.now.AddDate(0, 0, 4)
	if got := problems.List(); !slices.Equal(got, []protocol.ServerProblem{place}) {
		t.Errorf("four days later: %v", got)
	}
}
