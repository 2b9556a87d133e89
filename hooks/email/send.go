package email

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// maxSubject is in characters; emails.subject holds no more.
const maxSubject = 255

// Letter is what somebody wants to be sent.
type Letter struct {
	Recipients []Recipient
	Subject    string // one line
	Content    string // plain text or HTML, see isHTML
}

var errForbidden = refuse(protocol.CodeForbidden, "", "Your role doesn't allow you to send e-mail.")

// Send stores a letter for each recipient that it accepts and returns; the letters
// are sent in the background. It answers who was refused and why. When nobody was
// accepted, nothing is stored and the ID is 0. Refusals of the whole letter are a
// *messagerie.Error.
func (o *Outbox) Send(caller messagerie.Person, letter Letter) (protocol.EmailAccepted, error) {
	if !o.maySend(caller) {
		return protocol.EmailAccepted{}, errForbidden
	}
	letter, err := o.check(letter)
	if err != nil {
		return protocol.EmailAccepted{}, err
	}
	accepted, refused, err := o.resolve(caller, letter.Recipients)
	if err != nil {
		return protocol.EmailAccepted{}, err
	}
	answer := protocol.EmailAccepted{Accepted: len(accepted), Refused: refused}
	if len(accepted) == 0 {
		return answer, nil
	}
	if answer.ID, err = o.store(caller, letter, accepted); err != nil {
		return protocol.EmailAccepted{}, fmt.Errorf("store letter: %w", err)
	}
	o.signal()
	return answer, nil
}

// SearchRecipients finds people of an establishment to whom the caller may write,
// as messagerie.Service.Search does, without those who have no address.
func (o *Outbox) SearchRecipients(
	caller messagerie.Person, establishment protocol.ID, query string,
) ([]protocol.User, error) {
	if !o.maySend(caller) {
		return nil, errForbidden
	}
	users, err := o.people.Search(caller, establishment, query)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(users, func(u protocol.User) bool { return u.Email == "" }), nil
}

func (o *Outbox) maySend(caller messagerie.Person) bool {
	return slices.Contains(o.limits.EmailRoles, caller.Role)
}

// check answers the letter as it is stored, its content sanitised HTML.
func (o *Outbox) check(letter Letter) (Letter, error) {
	switch {
	case len(letter.Recipients) == 0:
		return letter, refuse(protocol.CodeNoRecipients, "recipients", "The letter has no recipients.")
	case len(letter.Recipients) > o.limits.EmailRecipients:
		return letter, refuse(protocol.CodeInvalidRequest, "recipients",
			"A letter has at most %d recipients.", o.limits.EmailRecipients)
	case len(letter.Content) > o.limits.EmailContentBytes:
		return letter, errTooLong(o.limits.EmailContentBytes)
	}
	var err error
	if letter.Subject, err = checkSubject(letter.Subject); err != nil {
		return letter, err
	}
	letter.Content = toHTML(letter.Content)
	if !hasText(letter.Content) {
		return letter, refuse(protocol.CodeContentEmpty, "content", "The letter is empty.")
	}
	return letter, nil
}

// checkSubject answers the subject without the space around it. A line break would
// begin another header, such as Bcc.
func checkSubject(subject string) (string, error) {
	subject = strings.TrimSpace(subject)
	breaks := func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }
	switch {
	case subject == "":
		return "", refuse(protocol.CodeInvalidRequest, "subject", "The subject is empty.")
	case utf8.RuneCountInString(subject) > maxSubject:
		return "", refuse(protocol.CodeInvalidRequest, "subject",
			"The subject is too long: at most %d characters.", maxSubject)
	case strings.ContainsFunc(subject, breaks) || !utf8.ValidString(subject):
		return "", refuse(protocol.CodeInvalidRequest, "subject", "The subject is one line of text.")
	}
	return subject, nil
}

// store writes a letter and its recipients in one transaction.
func (o *Outbox) store(caller messagerie.Person, letter Letter, people []messagerie.Person) (id protocol.ID, err error) {
	err = o.app.RunInTransaction(func(tx core.App) error {
		record, err := newRecord(tx, letters)
		if err != nil {
			return err
		}
		room := record.Collection().Fields.GetByName("content").(*core.EditorField).CalculateMaxBodySize()
		if int64(len(letter.Content)) > room { // escaping made it longer than it came
			return errTooLong(o.limits.EmailContentBytes)
		}
		record.Set("subject", letter.Subject)
		record.Set("content", letter.Content)
		record.Set("sender", caller.ID.RecordID())
		if err := tx.SaveWithContext(ownSave, record); err != nil {
			return err
		}
		id = protocol.ParseID(record.Id)
		return o.storeRecipients(tx, record.Id, people)
	})
	return id, err
}

// storeRecipients leaves out PocketBase's validation, which would look both
// relations up for each of hundreds of records while everybody else waits for the
// write lock: the people were read a moment ago, the letter in this transaction.
func (o *Outbox) storeRecipients(tx core.App, letter string, people []messagerie.Person) error {
	due := o.now()
	for _, person := range people {
		record, err := newRecord(tx, recipients)
		if err != nil {
			return err
		}
		record.Set("email", letter)
		record.Set("user", person.ID.RecordID())
		record.Set("address", person.Email)
		record.Set("state", protocol.EmailQueued)
		record.Set("next_attempt", due)
		if err := tx.SaveNoValidateWithContext(ownSave, record); err != nil {
			return fmt.Errorf("recipient %d: %w", person.ID, err)
		}
	}
	return nil
}

func newRecord(app core.App, collection string) (*core.Record, error) {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	return core.NewRecord(c), nil
}

func errTooLong(bytes int) *messagerie.Error {
	return refuse(protocol.CodeContentTooLong, "content", "The letter is too long: at most %d bytes.", bytes)
}

// refuse names the field that is wrong, unless it is "".
func refuse(code, field, format string, args ...any) *messagerie.Error {
	refused := &messagerie.Error{Kind: code, Message: fmt.Sprintf(format, args...)}
	if field != "" {
		refused.Data = map[string]any{field: refused.Message}
	}
	return refused
}
