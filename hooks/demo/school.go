package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// filling writes the school into the database. Every record is saved as any other would
// be: the demo can't show what the rules refuse.
type filling struct {
	tx       core.App
	now      time.Time
	opening  time.Time              // of the school year
	ids      map[string]protocol.ID // of people, by login
	hash     string                 // of the password
	messages int                    // written so far
	members  int                    // of conversations, so far
}

// fill writes the whole school in the transaction of tx.
func fill(tx core.App, now time.Time) error {
	f := &filling{tx: tx, now: now, opening: now.AddDate(0, -2, 0), ids: make(map[string]protocol.ID, len(people))}
	for _, step := range []func() error{f.name, f.establishments, f.superuser, f.people, f.classes, f.families, f.conversations} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// name shows in the title and in the dashboard that this is the demo.
func (f *filling) name() error {
	settings, err := f.tx.Settings().Clone() // the app's own stay as they are if all is rolled back
	if err != nil {
		return err
	}
	settings.Meta.AppName = establishments[0].Name + " (démo)"
	return f.tx.Save(settings)
}

// establishments have the contact rules of new ones.
func (f *filling) establishments() error { return f.saveEstablishments(protocol.ContactsRules) }

func (f *filling) saveEstablishments(contacts string) error {
	for _, e := range establishments {
		err := f.save("establishments", e.ID, f.opening, map[string]any{"name": e.Name, "timezone": timezone, "contacts": contacts})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) people() error {
	for i, p := range people {
		id := protocol.ID(i + 1)
		f.ids[p.login] = id
		if err := f.saveAccount("users", id, p.address(), p.fields()); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) superuser() error {
	return f.saveAccount(core.CollectionNameSuperusers, 0, Superuser, nil)
}

// passwordHash is the same for everybody: bcrypt takes longer than all the rest together.
func (f *filling) passwordHash() (string, error) {
	if f.hash == "" {
		collection, err := f.tx.FindCachedCollectionByNameOrId("users")
		if err != nil {
			return "", err
		}
		sample := core.NewRecord(collection)
		sample.SetPassword(Password)
		f.hash = sample.GetString(core.FieldNamePassword + ":hash")
	}
	return f.hash, nil
}

func (p person) address() string {
	if p.noAddress {
		return ""
	}
	return address(p.login)
}

func (p person) fields() map[string]any {
	schools := make([]string, len(p.schools))
	for i, id := range p.schools {
		schools[i] = id.RecordID()
	}
	locale := "fr"
	if p.english {
		locale = "en"
	}
	username := ""
	if p.noAddress {
		username = p.login
	}
	return map[string]any{
		"username": username, "first_name": p.first, "last_name": p.last, "role": p.role, "establishments": schools,
		"locale": locale, "disabled": p.disabled, "emailVisibility": p.showAddress, "verified": !p.noAddress,
	}
}

func (f *filling) saveAccount(collection string, id protocol.ID, email string, fields map[string]any) error {
	hash, err := f.passwordHash()
	if err != nil {
		return err
	}
	record, err := f.record(collection, id, f.opening, fields)
	if err != nil {
		return err
	}
	record.SetEmail(email)
	record.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: hash})
	return f.saveRecord(record)
}

func (f *filling) conversations() error {
	for i, t := range threads() {
		if err := f.conversation(protocol.ID(i+1), t); err != nil {
			return fmt.Errorf("conversation %d: %w", i+1, err)
		}
	}
	return nil
}

func (f *filling) conversation(id protocol.ID, t thread) error {
	stamps, err := f.date(t.lines)
	if err != nil {
		return err
	}
	opened := stamps[0].at.Add(-time.Minute)
	kind := protocol.KindGroup
	if t.title == "" {
		kind = protocol.KindDirect
	}
	err = f.save("conversations", id, opened, map[string]any{
		"kind": kind, "title": t.title, "establishment": t.school.RecordID(),
		"created_by": f.ids[t.people[0]].RecordID(),
	})
	if err != nil {
		return err
	}
	for _, login := range t.people {
		// The messages that the read markers refer to follow, as only participants may write. The id says when somebody joined.
		f.members++
		err := f.save("participants", store.IDAt(opened)+protocol.ID(f.members), opened, map[string]any{
			"conversation":   id.RecordID(),
			"user":           f.ids[login].RecordID(),
			"last_read":      upTo(stamps, t.unread[login]).RecordID(),
			"last_delivered": upTo(stamps, t.unreceived[login]).RecordID(),
			"muted":          login == t.mutedBy,
		})
		if err != nil {
			return err
		}
	}
	if kind == protocol.KindGroup {
		// Before its first message.
		err := f.saveOfServer("conversation_events", store.IDAt(opened)+id, opened, map[string]any{
			"conversation": id.RecordID(), "kind": protocol.EventCreated, "actor": f.ids[t.people[0]].RecordID()})
		if err != nil {
			return err
		}
	}
	return f.lines(id, t.lines, stamps)
}

// stamp is the id and the time of a line.
type stamp struct {
	id protocol.ID
	at time.Time
}

// date gives each line its time, and the id that a message of that time has, which is
// made unique by the number of the message in the whole demo.
func (f *filling) date(lines []line) ([]stamp, error) {
	stamps := make([]stamp, len(lines))
	for i, l := range lines {
		at, err := l.at.before(f.now)
		if err != nil {
			return nil, err
		}
		f.messages++
		stamps[i] = stamp{store.IDAt(at) + protocol.ID(f.messages), at}
		if i > 0 && stamps[i].id <= stamps[i-1].id {
			return nil, fmt.Errorf("line %d is said before the one above it", i+1)
		}
	}
	return stamps, nil
}

// upTo is the read marker of somebody who misses so many of the newest lines.
func upTo(stamps []stamp, missing int) protocol.ID {
	if missing >= len(stamps) {
		return 0
	}
	return stamps[len(stamps)-1-missing].id
}

func (f *filling) lines(conversation protocol.ID, lines []line, stamps []stamp) error {
	for i, l := range lines {
		fields := map[string]any{
			"conversation": conversation.RecordID(), "sender": f.ids[l.by].RecordID(),
			"content": l.text, "deleted": l.deleted, "mentions": f.records(l.mentions),
		}
		if l.replyTo > 0 {
			fields["reply_to"] = stamps[l.replyTo-1].id.RecordID()
		}
		if l.edited {
			fields["edited"] = stamps[i].at.Add(time.Minute)
		}
		if err := f.save("messages", stamps[i].id, stamps[i].at, fields); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
		if err := f.marks(l, stamps[i]); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

// marks writes what belongs to a message and isn't in its row.
func (f *filling) marks(l line, said stamp) error {
	message, soon := said.id.RecordID(), said.at.Add(time.Minute)
	for _, r := range l.reactions {
		for _, login := range r.by {
			err := f.save("reactions", 0, soon, map[string]any{"message": message, "user": f.ids[login].RecordID(), "emoji": r.emoji})
			if err != nil {
				return err
			}
		}
	}
	if l.pinned {
		if err := f.save("pins", 0, soon, map[string]any{"message": message, "user": f.ids[l.by].RecordID()}); err != nil {
			return err
		}
	}
	if l.before == "" {
		return nil
	}
	return f.saveOfServer("message_edits", 0, soon, map[string]any{
		"message": message, "author": f.ids[l.by].RecordID(), "content": l.before, "written": said.at})
}

// records returns the ids of people as the column mentions has them.
func (f *filling) records(logins []string) string {
	ids := make([]string, len(logins))
	for i, login := range logins {
		ids[i] = f.ids[login].RecordID()
	}
	return strings.Join(ids, " ")
}

// saveOfServer is save for a collection that only the server writes.
func (f *filling) saveOfServer(collection string, id protocol.ID, at time.Time, fields map[string]any) error {
	record, err := f.record(collection, id, at, fields)
	if err != nil {
		return err
	}
	messagerie.WrittenByServer(record)
	return f.saveRecord(record)
}

func (f *filling) save(collection string, id protocol.ID, at time.Time, fields map[string]any) error {
	record, err := f.record(collection, id, at, fields)
	if err != nil {
		return err
	}
	return f.saveRecord(record)
}

// record returns a new record with a time of creation. With the id 0, one will be drawn.
func (f *filling) record(collection string, id protocol.ID, at time.Time, fields map[string]any) (*core.Record, error) {
	c, err := f.tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	made, err := types.ParseDateTime(at)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(c)
	record.Id = id.RecordID()
	record.Load(fields)
	for _, field := range []string{"created", "updated"} {
		record.SetRaw(field, made) // Set would be ignored: PocketBase writes these by itself
	}
	return record, nil
}

func (f *filling) saveRecord(record *core.Record) error {
	if err := f.tx.Save(record); err != nil {
		return fmt.Errorf("save %s %s: %w", record.Collection().Name, record.Id, err)
	}
	return nil
}
