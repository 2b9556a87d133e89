package email

import (
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"runtime/debug"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"messagerie/hooks/school"
)

// attempt sends one letter and returns nil once the mail server has taken it. A panic,
// such as one in an OnMailerSend hook, becomes an error of this letter.
func (w *worker) attempt(recipient *core.Record, meta core.MetaConfig) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.app.Logger().Error("Sending a letter panicked.", "panic", r, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	message, err := w.compose(recipient, meta)
	if err != nil {
		return err // the server wasn't asked
	}
	w.pace.sent(w.now())
	err = w.app.NewMailClient().Send(message)
	w.noteOutcome(err)
	return err
}

// compose writes the message for one recipient.
func (q *Queue) compose(recipient *core.Record, meta core.MetaConfig) (*mailer.Message, error) {
	letter, err := q.app.FindRecordById(letters, recipient.GetString("email"))
	if err != nil {
		return nil, fmt.Errorf("read the letter: %w", err)
	}
	if letter.GetString("invites_to") != "" {
		return composeInvitation(q.people, q.app, letter, recipient, meta)
	}
	sender, err := senderOf(q.app, letter)
	if err != nil {
		return nil, err
	}
	message := newMessage(recipient, sender, meta)
	message.Subject, message.HTML = letter.GetString("subject"), letter.GetString("content")
	message.Text = textOf(message.HTML)
	return message, nil
}

// newMessage returns a mail to one recipient, who sees no other, without subject and texts.
func newMessage(recipient *core.Record, sender school.Person, meta core.MetaConfig) *mailer.Message {
	message := &mailer.Message{
		From:    mail.Address{Name: displayName(sender, meta), Address: meta.SenderAddress},
		To:      []mail.Address{{Address: recipient.GetString("address")}},
		Headers: map[string]string{"Message-ID": messageID(recipient, meta)},
	}
	if sender.Email != "" && isASCII(asciiDomain(sender.Email)) { // é@école.fr has no spelling that every server takes
		message.Headers["Reply-To"] = headerAddress(mail.Address{Name: sender.FullName(), Address: sender.Email})
	}
	return message
}

// senderOf returns the author of the letter, nobody if the account was deleted since.
func senderOf(app core.App, letter *core.Record) (school.Person, error) {
	id := letter.GetString("sender")
	if id == "" {
		return school.Person{}, nil
	}
	record, err := app.FindRecordById("users", id)
	if errors.Is(err, sql.ErrNoRows) {
		return school.Person{}, nil
	}
	if err != nil {
		return school.Person{}, fmt.Errorf("read the sender: %w", err)
	}
	return school.PersonOf(record), nil
}

// displayName is "Claire Martin via Collège Jean Moulin". Characters that have a meaning
// between addresses (RFC 5322 3.2.3) are left out: not every mail program parses a quoted
// name as it should, and a name that holds an address would pass for it.
func displayName(sender school.Person, meta core.MetaConfig) string {
	name := meta.AppName
	if person := sender.FullName(); person != "" {
		name = person + " via " + name
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`()<>[]:;@\,"`, r) || r < ' ' {
			return ' '
		}
		return withoutBidi(r)
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

// messageID is the same at each attempt, so that a letter which was sent just before a
// crash is recognised when it comes again. A letter that an administrator sends again
// gets another one: mail servers would drop a duplicate.
func messageID(recipient *core.Record, meta core.MetaConfig) string {
	id := recipient.Id
	if sent := recipient.GetDateTime("sent_at"); !sent.IsZero() {
		id = fmt.Sprintf("%s.%d", id, sent.Time().UnixMilli())
	}
	return fmt.Sprintf("<%s.messagerie@%s>", id, domain(meta.SenderAddress))
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
