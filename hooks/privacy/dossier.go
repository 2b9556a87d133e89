// Package privacy serves the rights of the people a school keeps data about: a copy of all that is
// kept about somebody (`messagerie export person`), and the erasure of those who have left.
package privacy

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// Dossier is all that is kept about a person, for their right of access (article 15 of the GDPR):
// their account, and each record that refers to it. What others wrote isn't in it, because it is
// about them as well.
type Dossier struct {
	ID       protocol.ID `json:"id"`
	Name     string      `json:"name"`
	School   string      `json:"school"`
	Made     time.Time   `json:"made"`
	Account  Entry       `json:"account"`
	Sections []Section   `json:"sections"` // those that have entries
}

// Section is the records of one collection that refer to the person in one way: the messages whose
// sender they are, the guardianships whose student they are.
type Section struct {
	Collection string  `json:"collection"`
	As         string  `json:"as"` // the field that refers to them
	Entries    []Entry `json:"entries"`
}

// Entry is a record, field by field in the order of the dashboard.
type Entry []Value

// Value is a field of a record.
type Value struct {
	Field string `json:"field"`
	Value any    `json:"value"`
	Means string `json:"means,omitempty"` // the names of the records that the value refers to
}

// ErrNobody: there is no account with this id.
var ErrNobody = errors.New("there is no account with this id")

// pageSize is how many records are read at a time.
const pageSize = 1000

// Collect reads the dossier of a person. It walks all collections, so that one which is added
// later is in it without a change here.
func Collect(app core.App, person protocol.ID, now time.Time) (*Dossier, error) {
	record, err := app.FindRecordById("users", person.RecordID())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNobody
	}
	if err != nil {
		return nil, fmt.Errorf("find the account: %w", err)
	}
	c := collector{app: app, names: map[string]string{}}
	d := &Dossier{
		ID: person, Name: nameOf(record), School: app.Settings().Meta.AppName, Made: now.UTC().Truncate(time.Second),
		Account: c.entry(record, ""),
	}
	references, err := app.FindCollectionReferences(record.Collection())
	if err != nil {
		return nil, fmt.Errorf("find what refers to accounts: %w", err)
	}
	for collection, fields := range references {
		if collection.IsView() {
			continue // the same again
		}
		for _, field := range fields {
			section, err := c.section(collection, field.(*core.RelationField), record.Id)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", collection.Name, err)
			}
			if len(section.Entries) > 0 {
				d.Sections = append(d.Sections, section)
			}
		}
	}
	mentions, err := c.mentionsOf(record.Id)
	if err != nil {
		return nil, fmt.Errorf("read mentions: %w", err)
	}
	if len(mentions.Entries) > 0 {
		d.Sections = append(d.Sections, mentions)
	}
	accounts, err := c.providerAccounts(record)
	if err != nil {
		return nil, fmt.Errorf("read accounts at providers: %w", err)
	}
	if len(accounts.Entries) > 0 {
		d.Sections = append(d.Sections, accounts)
	}
	slices.SortFunc(d.Sections, func(a, b Section) int {
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.As, b.As))
	})
	return d, nil
}

// collector reads records, and remembers the names of those that they refer to.
type collector struct {
	app   core.App
	names map[string]string // by collection and id
}

func (c *collector) section(collection *core.Collection, field *core.RelationField, person string) (Section, error) {
	section := Section{Collection: collection.Name, As: field.Name}
	column := "[[" + field.Name + "]]"
	refers := dbx.NewExp(column+" = {:person}", dbx.Params{"person": person})
	if field.IsMultiple() {
		refers = dbx.NewExp("EXISTS (SELECT 1 FROM json_each("+column+") WHERE value = {:person})", dbx.Params{"person": person})
	}
	if collection.Name == "messages" && field.Name == "sender" {
		refers = dbx.And(refers, inAuthored(person))
	}
	for after := ""; ; {
		var page []*core.Record
		err := c.app.RecordQuery(collection).AndWhere(refers).AndWhere(dbx.NewExp("[[id]] > {:after}", dbx.Params{"after": after})).
			OrderBy("id").Limit(pageSize).All(&page)
		if err != nil {
			return section, err
		}
		for _, record := range page {
			section.Entries = append(section.Entries, c.entry(record, field.Name))
		}
		if len(page) < pageSize {
			return section, nil
		}
		after = page[len(page)-1].Id
	}
}

// providerAccounts are those with which the person logs in elsewhere. PocketBase keeps them without
// a relation.
func (c *collector) providerAccounts(person *core.Record) (Section, error) {
	section := Section{Collection: core.CollectionNameExternalAuths, As: "recordRef"}
	accounts, err := c.app.FindAllExternalAuthsByRecord(person)
	for _, account := range accounts {
		section.Entries = append(section.Entries, c.entry(account.ProxyRecord(), section.As))
	}
	return section, err
}

// mentionsOf are the messages that mention a person, in the conversations in which they take part or took part: which,
// where and when. What the messages say is their authors'.
func (c *collector) mentionsOf(person string) (Section, error) {
	section := Section{Collection: "mentions", As: "message"}
	var rows []struct {
		ID           string         `db:"id"`
		Conversation string         `db:"conversation"`
		Created      types.DateTime `db:"created"`
	}
	err := c.app.ConcurrentDB().NewQuery(mentionsSQL).Bind(dbx.Params{"person": person}).All(&rows)
	for _, row := range rows {
		section.Entries = append(section.Entries, Entry{{Field: "id", Value: row.ID}, {Field: "conversation", Value: row.Conversation}, {Field: "created", Value: row.Created}})
	}
	return section, err
}

const mentionsSQL = `SELECT id, conversation, created FROM messages
	WHERE conversation IN (SELECT conversation FROM participants WHERE user = {:person} UNION SELECT conversation FROM departures WHERE user = {:person})
	AND mentions != '' AND instr(mentions, {:person}) ORDER BY id`

// inAuthored is the condition that a message is in a conversation in which the person has written:
// messages have no index by sender.
func inAuthored(person string) dbx.Expression {
	return dbx.NewExp("[[conversation]] IN (SELECT conversation FROM message_authors WHERE sender = {:author})", dbx.Params{"author": person})
}

// entry returns what a record says, without the field through which it refers to the person, and
// without secrets: they protect the account, and are no information about the person.
func (c *collector) entry(record *core.Record, refers string) Entry {
	var entry Entry
	for _, field := range record.Collection().Fields {
		name := field.GetName()
		if name == refers || isSecret(field) {
			continue
		}
		value := record.Get(name)
		if isEmpty(value) {
			continue
		}
		entry = append(entry, Value{Field: name, Value: value, Means: c.meaning(record, field)})
	}
	return entry
}

// secrets are the fields that log-ins are checked against, by name, besides passwords.
var secrets = []string{core.FieldNameTokenKey, "hash", "secret", "last_step", "recovery_hashes"}

// isSecret reports whether a field holds what a log-in is checked against.
func isSecret(field core.Field) bool {
	return field.Type() == core.FieldTypePassword || slices.Contains(secrets, field.GetName())
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case types.JSONRaw:
		return len(v) == 0 || string(v) == "null" || string(v) == "[]"
	case interface{ IsZero() bool }: // a date
		return v.IsZero()
	}
	return value == nil
}

// meaning returns the names of the records that a relation refers to, "" for another field.
func (c *collector) meaning(record *core.Record, field core.Field) string {
	relation, ok := field.(*core.RelationField)
	if !ok {
		return ""
	}
	var names []string
	for _, id := range record.GetStringSlice(relation.Name) {
		names = append(names, c.name(relation.CollectionId, id))
	}
	return joined(names)
}

// name returns "" for messages, which others may have written, and for what was deleted meanwhile.
func (c *collector) name(collection, id string) string {
	key := collection + "/" + id
	known, ok := c.names[key]
	if !ok {
		if record, err := c.app.FindRecordById(collection, id); err == nil && record.Collection().Name != "messages" {
			known = nameOf(record)
		}
		c.names[key] = known
	}
	return known
}

// nameOf returns what the dashboard shows of a record beside a relation: its presentable texts.
func nameOf(record *core.Record) string {
	var parts []string
	for _, field := range record.Collection().Fields {
		text, ok := field.(*core.TextField)
		if ok && text.Presentable {
			parts = append(parts, record.GetString(text.Name))
		}
	}
	return joined(parts)
}
