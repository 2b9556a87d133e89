package ops

import (
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/backup"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// When something counts as a problem.
const (
	outageGrace   = 15 * time.Minute   // a mail server may restart
	backupLasts   = 8 * 24 * time.Hour // the longest pause that is sensible, a week, and a day
	lettersShown  = 3 * 24 * time.Hour // over a weekend
	problemsLasts = 30 * time.Second   // for those who ask
)

// Mail is what the mail queue knows of the mail server.
type Mail interface {
	Outage() (since time.Time, err error)
	LettersWait() (bool, error)
	FailedSince(time.Time) (bool, error)
}

// Problems knows what the administration should be told about the server.
type Problems struct {
	app     core.App
	store   *store.Store
	mail    Mail
	reserve int64 // bytes
	place   func() backup.Weakness
	now     func() time.Time

	mu    sync.Mutex
	read  time.Time
	known []protocol.ServerProblem
}

// NewProblems watches the disk, of which files of messages leave the reserve free, the backups and mail. place is the
// weakness of where backups go, and answers at once.
func NewProblems(app core.App, st *store.Store, mail Mail, place func() backup.Weakness, cfg config.Config) *Problems {
	return &Problems{app: app, store: st, mail: mail, place: place, reserve: cfg.Storage.ReserveBytes(), now: time.Now}
}

// List returns what is wrong, an empty list if nothing is. However often it is asked, it looks twice a minute.
func (p *Problems) List() []protocol.ServerProblem {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); p.known == nil || now.Sub(p.read) >= problemsLasts {
		p.read, p.known = now, p.look()
	}
	return p.known
}

func (p *Problems) look() []protocol.ServerProblem {
	found := []protocol.ServerProblem{}
	for _, one := range []protocol.ServerProblem{
		{Cause: protocol.CauseDisk, Code: p.disk()}, {Cause: protocol.CauseBackup, Code: p.backup()}, {Cause: protocol.CauseMail, Code: p.mailCode()},
		{Cause: protocol.CauseBackupPlace, Code: string(p.place())}, {Cause: protocol.CauseLetters, Code: p.letters()},
	} {
		if one.Code != "" {
			found = append(found, one)
		}
	}
	return found
}

func (p *Problems) disk() string {
	if err := p.store.Failure(); err != nil {
		return refusal.Cause(err)
	}
	if free, err := store.FreeBytes(p.app.DataDir()); err == nil && free < p.reserve {
		return "low"
	}
	return ""
}

func (p *Problems) backup() string {
	switch last, err := backup.Last(p.app.DataDir()); {
	case err != nil:
		return "failed"
	case last.Finished.IsZero(): // none is configured
		return ""
	case !last.Good():
		return "failed"
	case p.now().Sub(last.Finished) > backupLasts:
		return "old"
	}
	return ""
}

func (p *Problems) mailCode() string {
	if since, err := p.mail.Outage(); err != nil && p.now().Sub(since) >= outageGrace {
		return "unreachable"
	}
	if wait, err := p.mail.LettersWait(); err == nil && wait {
		return "settings"
	}
	return ""
}

func (p *Problems) letters() string {
	if failed, err := p.mail.FailedSince(p.now().Add(-lettersShown)); err == nil && failed {
		return "failed"
	}
	return ""
}
