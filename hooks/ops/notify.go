package ops

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"messagerie/hooks/protocol"
)

const (
	notifyEvery  = 24 * time.Hour   // at most, about one cause
	notifyRounds = 10 * time.Minute // between two looks
	notifyPeople = 50               // at most, when nobody is configured
)

// Notifier mails the administration about problems of the server: once a day at most about each cause.
// It doesn't use the queue of letters, which needs the disk.
type Notifier struct {
	app      core.App
	problems *Problems
	to       []string // none for the administrators of the establishments
	now      func() time.Time

	pending map[string]string    // cause → code: nobody was told yet
	told    map[string]time.Time // cause → when
	failing bool                 // it is in the log that mails can't be sent
}

// NewNotifier creates the notifier of an app. Without addresses it writes to the administrators of the establishments.
func NewNotifier(app core.App, problems *Problems, to []string) *Notifier {
	return &Notifier{app: app, problems: problems, to: to, now: time.Now, pending: map[string]string{}}
}

// Bind looks for problems while the server runs.
func (n *Notifier) Bind() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	started := false
	n.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		keepNotified(n.app.DataDir())
		started = true
		go func() {
			defer close(ended)
			every(ctx, notifyRounds, func() { n.Round(ctx) })
		}()
		return se.Next()
	})
	n.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		if started {
			select { // a mail that is being sent may take long
			case <-ended:
			case <-time.After(time.Second):
			}
		}
		return e.Next()
	})
}

// Round looks for problems and mails about those of which nobody was told within a day. A mail that can't be sent is tried
// again in the next round, also if the problem is over by then: so that of the mail server itself is told as well.
func (n *Notifier) Round(ctx context.Context) {
	if !n.problems.store.Leads() {
		return
	}
	if n.told == nil {
		n.told = readNotified(n.app.DataDir())
	}
	for _, problem := range n.problems.List() {
		if _, isMailed := notices["fr"][problem.Cause]; isMailed && n.now().Sub(n.told[problem.Cause]) >= notifyEvery {
			n.pending[problem.Cause] = problem.Code
		}
	}
	for cause, code := range n.pending {
		if ctx.Err() != nil {
			return
		}
		sent, err := n.send(protocol.ServerProblem{Cause: cause, Code: code})
		if err != nil && !n.failing {
			n.app.Logger().Warn("The administration couldn't be told about a problem.", "cause", cause, "error", err)
		}
		n.failing = err != nil
		if sent == 0 {
			continue
		}
		delete(n.pending, cause)
		n.told[cause] = n.now()
		if err := writeNotified(n.app.DataDir(), n.told); err != nil {
			n.app.Logger().Warn("When the administration was told can't be kept.", "error", err)
		}
	}
}

// send returns how many people were written to.
func (n *Notifier) send(problem protocol.ServerProblem) (sent int, err error) {
	people, err := n.recipients()
	if err != nil {
		return 0, err
	}
	meta := n.app.Settings().Meta
	for _, person := range people {
		subject, body := noticeOf(problem, person.Locale)
		message := &mailer.Message{
			From:    mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
			To:      []mail.Address{{Address: person.Email}},
			Subject: meta.AppName + ": " + subject,
			HTML:    "<p>" + strings.ReplaceAll(html.EscapeString(body), "\n", "</p><p>") + "</p>",
		}
		if failed := n.app.NewMailClient().Send(message); failed != nil {
			err = failed
			continue
		}
		sent++
	}
	return sent, err
}

// notified is somebody who is told.
type notified struct {
	Email  string `db:"email"`
	Locale string `db:"locale"`
}

func (n *Notifier) recipients() (people []notified, err error) {
	for _, address := range n.to {
		people = append(people, notified{Email: address})
	}
	if len(people) > 0 {
		return people, nil
	}
	err = n.app.ConcurrentDB().Select("email", "locale").From("users").
		Where(dbx.HashExp{"role": protocol.RoleAdmin, "disabled": false}).AndWhere(dbx.NewExp("email != ''")).
		OrderBy("id").Limit(notifyPeople).All(&people)
	return people, err
}

// When the administration was told is kept in a file of a fixed size, which is overwritten in place: that needs no room
// on a full disk.
const (
	notifiedFile  = "notified.json"
	notifiedBytes = 512
)

// keepNotified makes the file while there is room.
func keepNotified(dir string) {
	if _, err := os.Stat(filepath.Join(dir, notifiedFile)); os.IsNotExist(err) {
		_ = os.WriteFile(filepath.Join(dir, notifiedFile), padded([]byte("{}")), 0o600) // without it, a restart may repeat a mail
	}
}

func readNotified(dir string) map[string]time.Time {
	told := map[string]time.Time{}
	if data, err := os.ReadFile(filepath.Join(dir, notifiedFile)); err == nil {
		_ = json.Unmarshal(data, &told) // a damaged one is empty
	}
	return told
}

func writeNotified(dir string, told map[string]time.Time) error {
	data, err := json.Marshal(told)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(dir, notifiedFile), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(padded(data)); err != nil {
		_ = file.Close() // err says more
		return fmt.Errorf("write %s: %w", notifiedFile, err)
	}
	return file.Close()
}

func padded(data []byte) []byte {
	return append(data, strings.Repeat(" ", max(0, notifiedBytes-len(data)))...)
}
