package messagerie

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// Receipts of somebody who is left in peace rest: what they read counts for themselves, but others
// see it only when the quiet hours are over, so that nobody learns who works at night.

// rest is what others see of a participant's markers, up to a moment.
type rest struct {
	read, delivered protocol.ID
	until           time.Time
}

// rest returns what is stored of it, nil for nothing.
func (r participantRow) rest() *rest {
	if r.RestsUntil == "" {
		return nil
	}
	until, err := types.ParseDateTime(r.RestsUntil)
	if err != nil || until.IsZero() {
		return nil
	}
	return &rest{protocol.ParseID(r.ShownRead), protocol.ParseID(r.ShownDelivered), until.Time()}
}

// The columns of a rest, empty for none.
func (r *rest) shownRead() string {
	if r == nil {
		return ""
	}
	return r.read.RecordID()
}

func (r *rest) shownDelivered() string {
	if r == nil {
		return ""
	}
	return r.delivered.RecordID()
}

func (r *rest) storedUntil() string {
	if r == nil {
		return ""
	}
	until, err := types.ParseDateTime(r.until)
	if err != nil {
		return ""
	}
	return until.String()
}

// restMoved sets what others see of a participant, if a marker has moved.
func (s *Service) restMoved(after *Member, before Member) error {
	after.rest = before.rest
	if after.LastRead == before.LastRead && after.LastDelivered == before.LastDelivered {
		return nil
	}
	until, err := s.people.ProtectedUntil(after.User)
	if err != nil {
		return err
	}
	after.rest = restUntil(before, until, s.people.Now())
	return nil
}

func restUntil(before Member, until, now time.Time) *rest {
	switch {
	case until.IsZero():
		return nil
	case before.rest != nil && now.Before(before.rest.until):
		return &rest{before.rest.read, before.rest.delivered, until}
	}
	return &rest{before.LastRead, before.LastDelivered, until}
}

// restRecord is restMoved for a record, whose own values don't count.
func (s *Service) restRecord(record *core.Record, before Member) error {
	after := memberOf(record)
	if err := s.restMoved(&after, before); err != nil {
		return err
	}
	record.Set("shown_read", after.rest.shownRead())
	record.Set("shown_delivered", after.rest.shownDelivered())
	record.Set("rests_until", after.rest.storedUntil())
	return nil
}

// shown returns the markers of a participant that others see.
func (p *Participants) shown(m *Member) (read, delivered protocol.ID) {
	if p.Rests(*m) {
		return m.rest.read, m.rest.delivered
	}
	return m.LastRead, m.LastDelivered
}

// Rests reports whether others see older markers of a participant than they have.
func (p *Participants) Rests(m Member) bool {
	if m.rest == nil {
		return false
	}
	now := time.Now
	if p.now != nil {
		now = p.now
	}
	return now().Before(m.rest.until)
}

// receipt returns the markers of a participant that a viewer sees.
func (p *Participants) receipt(m *Member, viewer protocol.ID) protocol.Receipt {
	seen := protocol.Receipt{UserID: m.User, LastRead: m.LastRead, LastDelivered: m.LastDelivered, Joined: m.Record}
	if m.User != viewer {
		seen.LastRead, seen.LastDelivered = p.shown(m)
	}
	return seen
}
