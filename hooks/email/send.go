package email

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// Letter is an e-mail that a caller wants to send.
type Letter struct {
	Recipients []Recipient
	Subject    string // one line
	Content    string
	Format     string // of the content: "text" or "html"; "" for whichever isHTML finds it to be
}

var errForbidden = refusal.New(protocol.CodeForbidden, "Your role doesn't allow you to send e-mail.")

// Send stores a letter for each accepted recipient; the letters are sent in the
// background. It returns which recipients were refused and why. If none was accepted,
// nothing is stored and the ID is 0. A refusal of the whole letter is a *refusal.Error.
func (q *Queue) Send(caller school.Person, letter Letter) (protocol.EmailAccepted, error) {
	if err := q.MaySend(caller); err != nil {
		return protocol.EmailAccepted{}, err
	}
	letter, err := q.check(letter)
	if err != nil {
		return protocol.EmailAccepted{}, err
	}
	accepted, refused, err := q.resolve(caller, letter.Recipients)
	if err != nil {
		return protocol.EmailAccepted{}, err
	}
	result := protocol.EmailAccepted{Accepted: len(accepted), Refused: refused}
	if len(accepted) == 0 {
		return result, nil
	}
	if err := q.spend(caller, len(accepted), len(letter.Content)); err != nil {
		return protocol.EmailAccepted{}, err
	}
	if result.ID, err = q.save(caller, letter, accepted); err != nil {
		q.giveBack(caller, len(accepted), len(letter.Content))
		return protocol.EmailAccepted{}, fmt.Errorf("store letter: %w", err)
	}
	q.signal()
	return result, nil
}

// spend takes a letter from the caller's budgets. They let the office of a school write to
// everybody several times a day; and parents or students, where they may send
// (limits.email_roles), to a few classes.
func (q *Queue) spend(caller school.Person, recipients, bytes int) error {
	if err := q.addressed.Spend(caller, recipients); err != nil {
		return err
	}
	err := q.written.Spend(caller, 1+bytes>>10)
	if err != nil {
		q.addressed.Return(caller, recipients)
	}
	return err
}

// giveBack returns to the budgets what a letter cost that wasn't stored.
func (q *Queue) giveBack(caller school.Person, recipients, bytes int) {
	q.addressed.Return(caller, recipients)
	q.written.Return(caller, 1+bytes>>10)
}

// SearchRecipients finds people of an establishment to whom the caller may write,
// as school.Service.Search does, without those who have no address. Contact rules are those of
// conversations: a letter comes from the school.
func (q *Queue) SearchRecipients(
	caller school.Person, establishment protocol.ID, query string,
) ([]protocol.User, error) {
	if err := q.MaySend(caller); err != nil {
		return nil, err
	}
	found, err := q.people.Find(caller, establishment, school.Wanted{Query: query, Anybody: true})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found.Users, func(u protocol.User) bool { return u.Email == "" }), nil
}

// MaySend refuses a caller whose role doesn't send letters.
func (q *Queue) MaySend(caller school.Person) error {
	if !slices.Contains(q.limits.EmailRoles, caller.Role) {
		return errForbidden
	}
	return nil
}

// check returns the letter as it is stored, its content sanitised HTML.
func (q *Queue) check(letter Letter) (Letter, error) {
	switch {
	case len(letter.Recipients) == 0:
		return letter, refusal.New(protocol.CodeNoRecipients, "The letter has no recipients.")
	case len(letter.Recipients) > q.limits.EmailRecipients:
		return letter, refusal.Invalid("recipients",
			"A letter can have at most %d recipients.", q.limits.EmailRecipients)
	case len(letter.Content) > q.limits.EmailContentBytes:
		return letter, errTooLong(q.limits.EmailContentBytes)
	}
	var err error
	if letter.Subject, err = checkSubject(letter.Subject); err != nil {
		return letter, err
	}
	if letter.Content, err = toHTML(letter.Content, letter.Format); err != nil {
		return letter, err
	}
	if !hasText(letter.Content) {
		return letter, refusal.New(protocol.CodeContentEmpty, "The letter is empty.")
	}
	return letter, nil
}

// checkSubject returns the subject without the space around it, and without characters that
// change the direction of writing. A line break would begin another header, such as Bcc.
func checkSubject(subject string) (string, error) {
	valid := utf8.ValidString(subject)
	subject = strings.TrimSpace(strings.Map(withoutBidi, subject))
	breaks := func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }
	switch {
	case text.IsBlank(subject):
		return "", refusal.Invalid("subject", "The subject is empty.")
	case utf8.RuneCountInString(subject) > protocol.MaxSubject:
		return "", refusal.Invalid("subject",
			"The subject is too long: at most %d characters.", protocol.MaxSubject)
	case strings.ContainsFunc(subject, breaks) || !valid:
		return "", refusal.Invalid("subject", "The subject must be one line of text.")
	}
	return subject, nil
}

// save writes a letter and its recipients in one transaction.
func (q *Queue) save(caller school.Person, letter Letter, people []school.Person) (id protocol.ID, err error) {
	err = store.RunInTransaction(q.app, func(tx core.App) error {
		record, err := newRecord(tx, letters)
		if err != nil {
			return err
		}
		room := record.Collection().Fields.GetByName("content").(*core.EditorField).CalculateMaxBodySize()
		if int64(len(letter.Content)) > room { // escaping has made it longer
			return errTooLong(q.limits.EmailContentBytes)
		}
		record.Set("subject", letter.Subject)
		record.Set("content", letter.Content)
		record.Set("sender", caller.ID.RecordID())
		if err := tx.SaveWithContext(ownSave, record); err != nil {
			return err
		}
		id = protocol.ParseID(record.Id)
		return q.storeRecipients(tx, record.Id, people)
	})
	return id, err
}

// storeRecipients skips PocketBase's validation, which would look up both relations of
// each of hundreds of records while everybody else waits for the write lock: the people
// were read a moment ago, the letter in this transaction.
func (q *Queue) storeRecipients(tx core.App, letter string, people []school.Person) error {
	due := q.now()
	for _, person := range people {
		if _, err := q.storeRecipient(tx, letter, person, due); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) storeRecipient(tx core.App, letter string, person school.Person, due time.Time) (*core.Record, error) {
	record, err := newRecord(tx, recipients)
	if err != nil {
		return nil, err
	}
	record.Set("email", letter)
	record.Set("user", person.ID.RecordID())
	record.Set("address", person.Email)
	record.Set("state", protocol.EmailQueued)
	record.Set("next_attempt", due)
	if err := tx.SaveNoValidateWithContext(ownSave, record); err != nil {
		return nil, fmt.Errorf("recipient %d: %w", person.ID, err)
	}
	return record, nil
}

func newRecord(app core.App, collection string) (*core.Record, error) {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	return core.NewRecord(c), nil
}

func errTooLong(bytes int) *refusal.Error {
	return refusal.New(protocol.CodeContentTooLong, "The letter is too long: at most %d bytes.", bytes)
}
