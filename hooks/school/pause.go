package school

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// PauseOf returns the pause in which people of a role can't write at a time, nil if there is none.
// It ignores that somebody is a guardian besides.
func (r *Rules) PauseOf(role string, at time.Time) *Pause {
	for i := range r.Pauses {
		if r.Pauses[i].isFor(role, at) {
			return &r.Pauses[i]
		}
	}
	return nil
}

// PausedNow returns the pause of an establishment in which people of a role can't write now, nil if
// there is none.
func (s *Service) PausedNow(rules *Rules, role string) *Pause {
	if rules == nil || len(rules.Pauses) == 0 {
		return nil
	}
	return rules.PauseOf(role, s.now())
}

// PauseState is what people see of a pause; the zero value of none.
type PauseState struct {
	ID    protocol.ID
	Text  string
	Until int64
}

// State returns what people see of the pause, which may be nil.
func (p *Pause) State() PauseState {
	if p == nil {
		return PauseState{}
	}
	return PauseState{p.ID, p.Text, p.Until.UnixMilli()}
}

// NextPause returns the time until a pause begins or ends; ok is false if none is to.
func (s *Service) NextPause() (wait time.Duration, ok bool) {
	all, err := s.EveryRules()
	if err != nil {
		s.app.Logger().Error("next pause", "error", err)
		return time.Minute, true
	}
	now := s.now()
	for _, rules := range all {
		for _, pause := range rules.Pauses {
			for _, at := range []time.Time{pause.From, pause.Until} {
				if at.After(now) && (!ok || at.Sub(now) < wait) {
					wait, ok = at.Sub(now), true
				}
			}
		}
	}
	return wait, ok
}

// BeginPause starts a pause, for the administration of an establishment.
func (s *Service) BeginPause(caller Person, establishment protocol.ID, wanted protocol.PauseRequest) (protocol.Pause, error) {
	if _, err := s.administered(caller, establishment); err != nil {
		return protocol.Pause{}, err
	}
	if err := checkRoles(wanted.Roles); err != nil {
		return protocol.Pause{}, err
	}
	fields := map[string]any{"establishment": establishment.RecordID(), "roles": wanted.Roles, "text": wanted.Text}
	for name, value := range map[string]string{"from": wanted.From, "until": wanted.Until} {
		at, err := ParseMoment(name, value)
		if err != nil {
			return protocol.Pause{}, err
		}
		fields[name] = at
	}
	var pause protocol.Pause
	err := s.store.Transaction(func(tx core.App) error {
		collection, err := tx.FindCachedCollectionByNameOrId("pauses")
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(fields)
		if err := tx.Save(record); err != nil {
			return err
		}
		pause = pauseOf(record).wire()
		return nil
	})
	if err != nil {
		return protocol.Pause{}, fmt.Errorf("begin pause: %w", err)
	}
	s.audit(caller, establishment, "pause", "pause", pause)
	return pause, nil
}

// EditPause changes a pause, for the administration of an establishment.
func (s *Service) EditPause(caller Person, establishment, id protocol.ID, change protocol.PauseChange) (protocol.Pause, error) {
	var pause protocol.Pause
	err := s.changePause(caller, establishment, id, func(tx core.App, record *core.Record) error {
		if change.Text != nil {
			record.Set("text", *change.Text)
		}
		if change.Until != nil {
			until, err := ParseMomentOrNull("until", change.Until)
			if err != nil {
				return err
			}
			record.Set("until", until)
		}
		if err := tx.Save(record); err != nil {
			return err
		}
		pause = pauseOf(record).wire()
		return nil
	})
	if err == nil {
		s.audit(caller, establishment, "pause changed", "pause", pause)
	}
	return pause, err
}

// LiftPause ends a pause, for the administration of an establishment.
func (s *Service) LiftPause(caller Person, establishment, id protocol.ID) error {
	err := s.changePause(caller, establishment, id, func(tx core.App, record *core.Record) error { return tx.Delete(record) })
	if err == nil {
		s.audit(caller, establishment, "pause lifted", "pause", id)
	}
	return err
}

func (s *Service) changePause(caller Person, establishment, id protocol.ID, change func(core.App, *core.Record) error) error {
	if _, err := s.administered(caller, establishment); err != nil {
		return err
	}
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("pauses", id.RecordID())
		if isNoRows(err) || err == nil && record.GetString("establishment") != establishment.RecordID() {
			return refusal.NotFound
		}
		if err != nil {
			return err
		}
		return change(tx, record)
	})
	if err != nil {
		return fmt.Errorf("change pause: %w", err)
	}
	return nil
}

func pauseOf(record *core.Record) Pause {
	return Pause{protocol.ParseID(record.Id), record.GetStringSlice("roles"), record.GetString("text"),
		record.GetDateTime("from").Time(), record.GetDateTime("until").Time()}
}
