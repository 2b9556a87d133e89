package email

import (
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"messagerie/hooks/messagerie"
)

// attempt sends one letter and answers nil once the mail server has taken it.
func (w *worker) attempt(recipient *core.Record, school core.MetaConfig) error {
	message, err := compose(w.app, recipient, school)
	if err != nil {
		return err
	}
	select {
	case w.exchanges <- struct{}{}:
	default:
		return errNoAnswer
	}
	client := w.app.NewMailClient()
	answer := make(chan error, 1)
	go func() {
		defer func() { <-w.exchanges }()
		answer <- w.exchange(client, message)
	}()
	select {
	case err := <-answer:
		return err
	case <-time.After(w.answerTimeout):
		return errNoAnswer
	}
}

// exchange turns a panic, such as one in an OnMailerSend hook, into an error of
// this letter.
func (w *worker) exchange(client mailer.Mailer, message *mailer.Message) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.app.Logger().Error("Sending a letter panicked.", "panic", r, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return client.Send(message)
}

// compose writes the message for one recipient, who sees no other.
func compose(app core.App, recipient *core.Record, school core.MetaConfig) (*mailer.Message, error) {
	letter, err := app.FindRecordById(letters, recipient.GetString("email"))
	if err != nil {
		return nil, fmt.Errorf("read the letter: %w", err)
	}
	sender, err := senderOf(app, letter)
	if err != nil {
		return nil, err
	}
	message := &mailer.Message{
		From:    mail.Address{Name: displayName(sender, school), Address: school.SenderAddress},
		To:      []mail.Address{{Address: recipient.GetString("address")}},
		Subject: letter.GetString("subject"),
		HTML:    letter.GetString("content"),
		Headers: map[string]string{"Message-ID": messageID(recipient, school)},
	}
	// Of other letters PocketBase makes the text part from the HTML.
	if text, plain := plainText(message.HTML); plain {
		message.Text = text
	}
	if sender.Email != "" {
		reply := mail.Address{Name: fullName(sender), Address: sender.Email}
		message.Headers["Reply-To"] = reply.String()
	}
	return message, nil
}

// senderOf is who wrote the letter: nobody where the account was deleted since.
func senderOf(app core.App, letter *core.Record) (messagerie.Person, error) {
	id := letter.GetString("sender")
	if id == "" {
		return messagerie.Person{}, nil
	}
	record, err := app.FindRecordById("users", id)
	if errors.Is(err, sql.ErrNoRows) {
		return messagerie.Person{}, nil
	}
	if err != nil {
		return messagerie.Person{}, fmt.Errorf("read the sender: %w", err)
	}
	return messagerie.PersonOf(record), nil
}

// displayName is "Claire Martin via Collège Jean Moulin". PocketBase writes it into
// the header without quotes (mailyak v3.6.2), so what has a meaning between
// addresses (RFC 5322 3.2.3) is left out, or a name could add one.
func displayName(sender messagerie.Person, school core.MetaConfig) string {
	name := school.AppName
	if person := fullName(sender); person != "" {
		name = person + " via " + name
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`()<>[]:;@\,"`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

func fullName(p messagerie.Person) string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// messageID is the same at each attempt, so that a letter which was sent just
// before a crash is recognised when it comes again. One that an administrator sends
// again after it was sent is another letter: mail servers would drop the same one.
func messageID(recipient *core.Record, school core.MetaConfig) string {
	id := recipient.Id
	if sent := recipient.GetDateTime("sent_at"); !sent.IsZero() {
		id = fmt.Sprintf("%s.%d", id, sent.Time().UnixMilli())
	}
	return fmt.Sprintf("<%s.messagerie@%s>", id, domain(school.SenderAddress))
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
