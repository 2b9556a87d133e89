package email

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Letters to somebody who is left in peace wait until the quiet hours are over. Mails about an account,
// such as the one for a forgotten password, don't pass through the queue, and don't wait.

// inPeace is the error recorded for a letter that waits for the end of quiet hours.
const inPeace = "This letter is waiting for the end of the recipient's quiet hours."

// rest moves a letter to the end of its recipient's quiet hours. It doesn't count as an attempt.
func (w *worker) rest(recipient *core.Record) (rests bool, err error) {
	user := protocol.ParseID(recipient.GetString("user"))
	if user == 0 {
		return false, nil // an address of nobody here any more
	}
	until, err := w.people.ProtectedUntil(user)
	if err != nil {
		return false, fmt.Errorf("quiet hours of a recipient: %w", err)
	}
	if until.IsZero() {
		return false, nil
	}
	// The same wait as by the clock of the quiet hours.
	recipient.Set("next_attempt", w.now().Add(until.Sub(w.people.Now())))
	recipient.Set("error", inPeace)
	return true, saveState(w.app, recipient)
}

// noteHours wakes the worker when quiet hours have changed. It is a listener of the store.
func (q *Queue) noteHours(change store.Change) {
	switch change.(type) {
	case school.RulesChanged, school.QuietChanged:
		q.hoursChanged.Store(true)
		q.signal()
	}
}

// noticeHours makes every letter due that waits for the end of quiet hours, after they have changed.
func (w *worker) noticeHours() error {
	if !w.hoursChanged.Swap(false) {
		return nil
	}
	due := w.now()
	err := w.editQueued(dbx.HashExp{"error": inPeace}, func(recipient *core.Record) {
		recipient.Set("next_attempt", due)
		recipient.Set("error", "")
	})
	if err != nil {
		w.hoursChanged.Store(true)
	}
	return err
}
