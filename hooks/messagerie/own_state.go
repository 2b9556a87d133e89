package messagerie

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// OwnState is what a conversation is to one participant alone.
type OwnState struct {
	Muted      bool  // until they say otherwise
	MutedUntil int64 // in Unix milliseconds, 0 for no time; never beside Muted

	// The newest message when they archived it, or their own record if there was none; 0 if they didn't. A
	// newer message brings it back, without anything to be stored.
	ArchivedAt protocol.ID

	Pinned       bool // never beside ArchivedAt
	MarkedUnread bool // until they open it
}

// ownColumns are the columns of an OwnState.
var ownColumns = []string{"muted", "muted_until", "archived_at", "pinned", "marked_unread"}

// setOn writes a state into a participant's record.
func (o OwnState) setOn(record *core.Record) {
	for _, column := range ownColumns {
		record.Set(column, o.column(column))
	}
}

func (o OwnState) column(name string) any {
	switch name {
	case "muted":
		return o.Muted
	case "muted_until":
		return o.storedUntil()
	case "archived_at":
		return o.ArchivedAt.RecordID()
	case "pinned":
		return o.Pinned
	}
	return o.MarkedUnread
}

func (o OwnState) storedUntil() string {
	if o.MutedUntil == 0 {
		return ""
	}
	return storedMoment(time.UnixMilli(o.MutedUntil))
}

// storedMoment returns a time in PocketBase's format.
func storedMoment(t time.Time) string {
	at, err := types.ParseDateTime(t)
	if err != nil {
		return ""
	}
	return at.String()
}

// parseStoredMoment returns a stored time in Unix milliseconds, 0 for none.
func parseStoredMoment(stored string) int64 {
	if stored == "" {
		return 0
	}
	at, err := types.ParseDateTime(stored)
	if err != nil || at.IsZero() {
		return 0
	}
	return at.Time().UnixMilli()
}

// mutedUntil returns when the mute ends, the zero time if it is over or has no end.
func (o OwnState) mutedUntil(now time.Time) time.Time {
	if until := time.UnixMilli(o.MutedUntil); o.MutedUntil != 0 && until.After(now) {
		return until
	}
	return time.Time{}
}

func (o OwnState) isMuted(now time.Time) bool { return o.Muted || !o.mutedUntil(now).IsZero() }

// isArchived reports whether a conversation whose newest message is given (0 for none) is in the
// participant's archive. While they have muted it, it stays there whatever is written.
func (o OwnState) isArchived(newest protocol.ID, now time.Time) bool {
	return o.ArchivedAt != 0 && (newest <= o.ArchivedAt || o.isMuted(now))
}

// OwnChange is what a participant may change of an OwnState; nil leaves a field as it is.
type OwnChange struct {
	Muted                          *bool
	MutedUntil                     *time.Time // the zero time for none: a mute without an end stays
	Archived, Pinned, MarkedUnread *bool
}

func (c OwnChange) isEmpty() bool { return c == OwnChange{} }

// check refuses what contradicts itself, and a mute that has ended already.
func (c OwnChange) check(now time.Time) error {
	isTimed := c.MutedUntil != nil && !c.MutedUntil.IsZero()
	switch {
	case isTimed && !c.MutedUntil.After(now):
		return refusal.Invalid("muted_until", "muted_until must be in the future, or null.")
	case isTimed && c.Muted != nil && !*c.Muted:
		return refusal.Invalid("muted_until", "A conversation that isn't muted has no muted_until.")
	case c.Archived != nil && *c.Archived && c.Pinned != nil && *c.Pinned:
		return refusal.Invalid("pinned", "A conversation is either archived or pinned.")
	}
	return nil
}

// apply returns the state after a change; newest is what ArchivedAt becomes.
func (c OwnChange) apply(o OwnState, newest protocol.ID) OwnState {
	if c.Muted != nil {
		o.Muted, o.MutedUntil = *c.Muted, 0
	}
	if c.MutedUntil != nil {
		o.MutedUntil = 0
		if !c.MutedUntil.IsZero() {
			o.Muted, o.MutedUntil = false, ceil(*c.MutedUntil).UnixMilli()
		}
	}
	if c.Archived != nil {
		o.ArchivedAt = 0
		if *c.Archived {
			o.ArchivedAt, o.Pinned = newest, false
		}
	}
	if c.Pinned != nil {
		if o.Pinned = *c.Pinned; o.Pinned {
			o.ArchivedAt = 0
		}
	}
	if c.MarkedUnread != nil {
		o.MarkedUnread = *c.MarkedUnread
	}
	return o
}

// changeState stores a change of a participant's own state, if it changes anything.
func (s *Service) changeState(tx core.App, participant protocol.ID, change OwnChange) error {
	record, err := tx.FindRecordById("participants", participant.RecordID())
	if err != nil {
		return err
	}
	newest, err := newestUpTo(tx, conversationOf(record), protocol.MaxID)
	if err != nil {
		return err
	}
	before := memberOf(record).OwnState
	after := change.apply(before, max(newest, participant))
	if after == before {
		return nil
	}
	after.setOn(record)
	return tx.SaveWithContext(context.WithValue(context.Background(), loadedHere{}, true), record)
}

// settleOwn makes a saved record's own state consistent: what was turned on last wins. In what the caller
// has left alone, a record that was loaded a while ago gets what is stored.
func settleOwn(tx core.App, record *core.Record, stored OwnState) error {
	original := record.Original()
	for _, column := range ownColumns {
		if record.GetString(column) == original.GetString(column) {
			record.Set(column, stored.column(column))
		}
	}
	own := memberOf(record).OwnState
	switch {
	case own.Muted && !stored.Muted:
		own.MutedUntil = 0
	case own.MutedUntil != 0:
		own.Muted = false
	}
	switch {
	case own.Pinned && !stored.Pinned:
		own.ArchivedAt = 0
		if err := checkPins(tx, record); err != nil {
			return err
		}
	case own.ArchivedAt != 0:
		own.Pinned = false
	}
	own.setOn(record)
	return nil
}

// checkPins refuses one more pinned conversation than a person may have.
func checkPins(tx core.App, participant *core.Record) error {
	var pinned int
	err := tx.ConcurrentDB().Select("count(*)").From("participants").
		Where(dbx.HashExp{"user": participant.GetString("user"), "pinned": true}).
		AndWhere(dbx.NewExp("id != {:id}", dbx.Params{"id": participant.Id})).Row(&pinned)
	if err != nil {
		return fmt.Errorf("count pinned conversations: %w", err)
	}
	if pinned >= protocol.MaxPinnedConversations {
		return refusal.OnField("pinned", ErrTooManyPinned)
	}
	return nil
}
