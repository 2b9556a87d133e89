package email

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Recipient is a person whom a caller wants to write to, by id or address. A recipient with
// neither is refused.
type Recipient struct {
	ID      protocol.ID
	Address string

	spelling json.RawMessage // the caller's, for the response; nil when created in Go
}

// Recipients parses each spelling: an id (12, 12.0 or "12") or an address. Anything else is
// kept as it is and refused by name later: one bad recipient doesn't fail the letter.
func Recipients(spellings []json.RawMessage) []Recipient {
	recipients := make([]Recipient, len(spellings))
	for i, spelling := range spellings {
		recipients[i] = recipientOf(spelling)
	}
	return recipients
}

func recipientOf(spelling json.RawMessage) Recipient {
	r := Recipient{spelling: spelling}
	var text string
	if json.Unmarshal(spelling, &text) != nil {
		_ = json.Unmarshal(spelling, &r.ID) // anything but a whole number leaves it 0: nobody
		return r
	}
	text = strings.TrimSpace(text)
	if r.ID = protocol.ParseID(text); r.ID == 0 {
		r.Address = text
	}
	return r
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
	byID      map[protocol.ID]school.Person
	byAddress map[string]school.Person // in lower case
}

// resolve returns the people who get the letter, each once, in the caller's order, and
// which recipients are refused.
func (q *Queue) resolve(caller school.Person, wanted []Recipient) ([]school.Person, []protocol.EmailRefused, error) {
	people, err := q.lookUp(wanted)
	if err != nil {
		return nil, nil, err
	}
	accepted, refused := []school.Person{}, []protocol.EmailRefused{}
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

// find returns the person that r stands for, or the code of the refusal.
func (d directory) find(caller school.Person, r Recipient) (person school.Person, code string) {
	person, ok := d.byID[r.ID]
	if r.ID == 0 {
		person, ok = d.byAddress[strings.ToLower(r.Address)]
		// Otherwise sending would reveal whose hidden address this is.
		ok = ok && person.For(caller).Email != ""
	}
	switch {
	case !ok || person.Disabled || !slices.ContainsFunc(person.Establishments, caller.Belongs):
		return school.Person{}, protocol.CodeUnknownRecipient
	case person.Email == "":
		return school.Person{}, protocol.CodeNoEmailAddress
	}
	return person, ""
}

func (q *Queue) lookUp(wanted []Recipient) (directory, error) {
	var ids, addresses []any
	for _, r := range wanted {
		if r.ID != 0 {
			ids = append(ids, r.ID.RecordID())
		} else if r.Address != "" {
			addresses = append(addresses, r.Address)
		}
	}
	d := directory{byID: map[protocol.ID]school.Person{}, byAddress: map[string]school.Person{}}
	for _, where := range []dbx.Expression{dbx.In("id", ids...), hasAddress(addresses)} {
		var records []*core.Record
		if err := q.app.RecordQuery("users").AndWhere(where).All(&records); err != nil {
			return directory{}, fmt.Errorf("look up recipients: %w", err)
		}
		for _, record := range records {
			person := school.PersonOf(record)
			d.byID[person.ID] = person
			if person.Email != "" {
				d.byAddress[strings.ToLower(person.Email)] = person
			}
		}
	}
	return d, nil
}

// hasAddress is written so that SQLite uses the unique index of the addresses, which
// ignores case and leaves out empty ones.
func hasAddress(addresses []any) dbx.Expression {
	return dbx.And(dbx.NewExp("email != ''"), dbx.In("([[email]] COLLATE NOCASE)", addresses...))
}
