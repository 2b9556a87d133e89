package email

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// Recipient is whom a caller wants to write to: an id or an address. With neither
// it is nobody, and refused.
type Recipient struct {
	ID      protocol.ID
	Address string

	spelling json.RawMessage // the caller's, for the answer; nil when made in Go
}

// UnmarshalJSON reads an id (12 or "12") or an address. Anything else is kept as
// it is, to be refused by name: one bad recipient doesn't spoil the letter.
func (r *Recipient) UnmarshalJSON(data []byte) error {
	*r = Recipient{spelling: bytes.Clone(data)}
	if data[0] != '"' {
		r.ID = protocol.ParseID(string(data))
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if r.ID = protocol.ParseID(text); r.ID == 0 {
		r.Address = text
	}
	return nil
}

func (r Recipient) spelt() any {
	switch {
	case r.spelling != nil:
		return r.spelling
	case r.ID != 0:
		return r.ID
	}
	return r.Address
}

// directory holds the people that the recipients of one letter may mean.
type directory struct {
	byID      map[protocol.ID]messagerie.Person
	byAddress map[string]messagerie.Person // in lower case
}

// resolve says who gets the letter, each once, in the caller's order, and which
// recipients are refused.
func (o *Outbox) resolve(caller messagerie.Person, wanted []Recipient) ([]messagerie.Person, []protocol.EmailRefused, error) {
	people, err := o.lookUp(wanted)
	if err != nil {
		return nil, nil, err
	}
	accepted, refused := []messagerie.Person{}, []protocol.EmailRefused{}
	seen := map[protocol.ID]bool{}
	for _, r := range wanted {
		person, code := people.find(caller, r)
		if code != "" {
			refused = append(refused, protocol.EmailRefused{Recipient: r.spelt(), Code: code})
			continue
		}
		if !seen[person.ID] {
			seen[person.ID] = true
			accepted = append(accepted, person)
		}
	}
	return accepted, refused, nil
}

// find answers the person whom caller means by r, or the code of the refusal.
func (d directory) find(caller messagerie.Person, r Recipient) (person messagerie.Person, code string) {
	person, ok := d.byID[r.ID]
	if r.ID == 0 {
		person, ok = d.byAddress[strings.ToLower(r.Address)]
		// Otherwise sending would reveal whose hidden address this is.
		ok = ok && person.For(caller).Email != ""
	}
	switch {
	case !ok || person.Disabled || !slices.ContainsFunc(person.Establishments, caller.Belongs):
		return messagerie.Person{}, protocol.CodeUnknownRecipient
	case person.Email == "":
		return messagerie.Person{}, protocol.CodeNoEmailAddress
	}
	return person, ""
}

func (o *Outbox) lookUp(wanted []Recipient) (directory, error) {
	var ids, addresses []any
	for _, r := range wanted {
		if r.ID != 0 {
			ids = append(ids, r.ID.RecordID())
		} else if r.Address != "" {
			addresses = append(addresses, r.Address)
		}
	}
	d := directory{byID: map[protocol.ID]messagerie.Person{}, byAddress: map[string]messagerie.Person{}}
	for _, where := range []dbx.Expression{dbx.In("id", ids...), hasAddress(addresses)} {
		var records []*core.Record
		if err := o.app.RecordQuery("users").AndWhere(where).All(&records); err != nil {
			return directory{}, fmt.Errorf("look up recipients: %w", err)
		}
		for _, record := range records {
			person := messagerie.PersonOf(record)
			d.byID[person.ID] = person
			if person.Email != "" {
				d.byAddress[strings.ToLower(person.Email)] = person
			}
		}
	}
	return d, nil
}

// hasAddress is spelt so that SQLite takes the unique index of the addresses,
// which knows no case and leaves out empty ones.
func hasAddress(addresses []any) dbx.Expression {
	return dbx.And(dbx.NewExp("email != ''"), dbx.In("([[email]] COLLATE NOCASE)", addresses...))
}
