package school

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// OwnHours are the quiet hours that a person has chosen, as they are stored; an empty From is none.
// They are meant in the time zone of the person's first establishment.
type OwnHours struct {
	From string                  `db:"quiet_from"`
	To   string                  `db:"quiet_to"`
	Days types.JSONArray[string] `db:"quiet_days"`
}

func ownHoursOf(record *core.Record) OwnHours {
	return OwnHours{record.GetString("quiet_from"), record.GetString("quiet_to"), record.GetStringSlice("quiet_days")}
}

// check refuses hours that can't be read, and those that never end.
func (h OwnHours) check() *refusal.Error {
	for _, at := range []string{h.From, h.To} {
		if _, ok := minutes(at); !ok {
			return refusal.Invalid("quiet", "from and to are times such as 20:00.")
		}
	}
	return checkDays("quiet", h.Days)
}

func checkDays(field string, days []string) *refusal.Error {
	free := len(protocol.Days)
	for i, day := range days {
		if !slices.Contains(protocol.Days, day) {
			return refusal.Invalid(field, "%q isn't a day: days are such as %s.", day, protocol.Days[0])
		}
		if !slices.Contains(days[:i], day) {
			free--
		}
	}
	if free == 0 {
		return refusal.Invalid(field, "At least one day of the week must not be quiet as a whole.")
	}
	return nil
}

// checkOwnHours is the rule for the hours of a person's record.
func checkOwnHours(record *core.Record) error {
	hours := ownHoursOf(record)
	if hours.From == "" {
		record.Set("quiet_to", "")
		record.Set("quiet_days", nil)
		return nil
	}
	if refused := hours.check(); refused != nil {
		return refusal.OnField("quiet_from", refused)
	}
	return nil
}

// announceOwnHours announces that a person's hours have changed, or the zone that they are meant in.
func (s *Service) announceOwnHours(app core.App, before, after *core.Record) {
	old, now := ownHoursOf(before), ownHoursOf(after)
	if old.From == "" && now.From == "" {
		return
	}
	isSame := old.From == now.From && old.To == now.To && slices.Equal(old.Days, now.Days) &&
		before.GetBool("disabled") == after.GetBool("disabled") &&
		slices.Equal(before.GetStringSlice("establishments"), after.GetStringSlice("establishments"))
	if !isSame {
		s.store.Announce(app, QuietChanged{protocol.ParseID(after.Id)})
	}
}

// SetOwnHours changes the caller's own quiet hours; nil is none.
func (s *Service) SetOwnHours(caller Person, hours *protocol.QuietHours) error {
	var stored OwnHours
	if hours != nil {
		stored = OwnHours{hours.From, hours.To, hours.Days}
		if refused := stored.check(); refused != nil {
			return refused
		}
	}
	if err := s.budgets.Hours.Spend(caller, 1); err != nil {
		return err
	}
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("users", caller.ID.RecordID())
		if isNoRows(err) {
			return refusal.Unauthorized
		}
		if err != nil {
			return err
		}
		record.Set("quiet_from", stored.From)
		record.Set("quiet_to", stored.To)
		record.Set("quiet_days", []string(stored.Days))
		return tx.Save(record)
	})
	if err != nil {
		return fmt.Errorf("save quiet hours: %w", err)
	}
	return nil
}

// quietOf adds to me what protects the caller.
func (s *Service) quietOf(caller Person, me *protocol.Me) error {
	peace, err := s.Peace()
	if err != nil {
		return err
	}
	if peace.hasOwn(caller.ID) {
		if me.Quiet, err = s.ownHours(caller.ID); err != nil {
			return err
		}
	}
	me.QuietUntil = protocol.TimeOrNull(peace.Until(caller, s.Now()))
	for i := range me.Establishments {
		rules, err := s.Rules(me.Establishments[i].ID)
		if err != nil {
			return err
		}
		if rules == nil {
			continue // just deleted
		}
		me.Establishments[i].Quiet = rules.Quiet.Mode
		me.Can.Urgent = me.Can.Urgent || slices.Contains(rules.Quiet.UrgentRoles, caller.Role)
	}
	return nil
}

// ownHours reads the hours that a person has chosen, nil for none.
func (s *Service) ownHours(user protocol.ID) (*protocol.QuietHours, error) {
	var own OwnHours
	err := s.app.ConcurrentDB().Select("quiet_from", "quiet_to", "quiet_days").From("users").
		Where(dbx.HashExp{"id": user.RecordID()}).One(&own)
	if err != nil && !isNoRows(err) {
		return nil, fmt.Errorf("load quiet hours: %w", err)
	}
	if own.From == "" {
		return nil, nil
	}
	return &protocol.QuietHours{From: own.From, To: own.To, Days: append([]string{}, own.Days...)}, nil
}
