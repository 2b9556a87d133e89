package demo

import (
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// large writes a generated school into the database, with the same rows as if people had
// written them through the product, but directly: see bulk.
type large struct {
	size     Size
	circle   circle
	calendar calendar
	password string // the hash of everybody's
	tails    []tail // of each conversation
}

// PrepareLarge makes sure that the app's database holds the generated school of a
// size, as Prepare does for the small one. Progress is written to shown. A directory
// whose filling was interrupted is refused (ErrUnfinished): start again in another one.
func PrepareLarge(app core.App, size Size, now time.Time, shown io.Writer) error {
	if err := size.check(); err != nil {
		return err
	}
	found, err := readMark(app)
	if err != nil {
		return err
	}
	if found != nil {
		return found.holds(size)
	}
	if err := refuseRealSchool(app); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	l := &large{size: size, circle: newCircle(size), calendar: newCalendar(now)}
	if err := app.RunInTransaction(func(tx core.App) error { return l.begin(tx, now) }); err != nil {
		return fmt.Errorf("begin the generated school: %w", err)
	}
	if err := withBulk(app, newProgress(shown), l.write); err != nil {
		return fmt.Errorf("generate a school: %w", err)
	}
	return mark{Filled: true, Size: &size}.save(app, now)
}

// begin writes the name, the establishments, the superuser and the unfinished mark.
func (l *large) begin(tx core.App, now time.Time) error {
	f := &filling{tx: tx, now: now, opening: l.calendar.opening()}
	var err error
	if l.password, err = f.passwordHash(); err != nil {
		return err
	}
	// Everybody may write to everybody: people are put into conversations at random, without classes.
	open := func() error { return f.saveEstablishments(protocol.ContactsOpen) }
	for _, step := range []func() error{f.name, open, f.superuser} {
		if err := step(); err != nil {
			return err
		}
	}
	return mark{Size: &l.size}.save(tx, now)
}

// write writes everything else. Participants come last, because their read markers
// refer to messages.
func (l *large) write(b *bulk) error {
	if err := b.insert("users", userColumns, l.size.People, l.people()); err != nil {
		return err
	}
	if err := b.insert("conversations", conversationColumns, l.circle.conversations(), l.conversations()); err != nil {
		return err
	}
	err := b.withoutIndexes("messages", func() error {
		return b.insert("messages", messageColumns, l.size.Messages, l.messages())
	})
	if err != nil {
		return err
	}
	if err := b.insert("participants", participantColumns, l.circle.participants(), l.participants()); err != nil {
		return err
	}
	return b.execute("PRAGMA wal_checkpoint(TRUNCATE)")
}

// chance is the random source of a step: its own, so that steps don't depend on each other.
func (l *large) chance(step uint64) *rand.Rand { return rand.New(rand.NewPCG(l.size.Seed, step)) }

// People and conversations are numbered from 1, as an import would do.
func numbered(n int) protocol.ID { return protocol.ID(n + 1) }

// stored is a time as PocketBase stores it.
func stored(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }
