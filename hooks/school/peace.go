package school

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// QuietChanged: the quiet hours of a person have changed. Those of establishments are in RulesChanged.
type QuietChanged struct{ User protocol.ID }

// Peace is who is left in peace, and when: the hours of the establishments that defer messages, and
// people's own. It is shared and never changed.
type Peace struct {
	version        uint64
	establishments map[protocol.ID]*protection
	own            map[protocol.ID]*knownHours // by person
	all            []*knownHours

	calm atomic.Pointer[span] // in which nobody is protected
}

// protection is the quiet hours of an establishment, and whose peace they are.
type protection struct {
	*knownHours
	roles []string
}

// span is a time from one moment up to another.
type span struct{ from, to time.Time }

func (s *span) contains(t time.Time) bool { return s != nil && !t.Before(s.from) && t.Before(s.to) }

// knownHours are hours with what was found out about the present.
type knownHours struct {
	Hours
	found atomic.Pointer[found]
}

// found is what Until returns in a span.
type found struct {
	span
	end   time.Time
	quiet bool
}

// until is Until, from memory while nothing can have changed.
func (k *knownHours) until(t time.Time) (end time.Time, quiet bool) {
	known := k.found.Load()
	if known == nil || !known.contains(t) {
		end, quiet := k.Until(t)
		known = &found{span{t, k.next(t)}, end, quiet}
		if quiet {
			known.to = end
		}
		k.found.Store(known)
	}
	return known.end, known.quiet
}

// peaceKeeper loads Peace and keeps it up to date.
type peaceKeeper struct {
	version atomic.Uint64 // incremented by every change
	loading sync.Mutex
	known   atomic.Pointer[Peace]
}

// Peace returns who is left in peace, usually from memory.
func (s *Service) Peace() (*Peace, error) {
	keeper := &s.peace
	if known := keeper.known.Load(); known != nil && known.version == keeper.version.Load() {
		return known, nil
	}
	keeper.loading.Lock()
	defer keeper.loading.Unlock()
	version := keeper.version.Load()
	if known := keeper.known.Load(); known != nil && known.version == version {
		return known, nil
	}
	loaded, err := s.loadPeace()
	if err != nil {
		return nil, err
	}
	loaded.version = version
	keeper.known.Store(loaded)
	return loaded, nil
}

func (s *Service) loadPeace() (*Peace, error) {
	peace := &Peace{establishments: map[protocol.ID]*protection{}, own: map[protocol.ID]*knownHours{}}
	every, err := s.EveryRules()
	if err != nil {
		return nil, err
	}
	for _, rules := range every {
		if rules.Quiet.Mode != protocol.QuietDefer || len(rules.Quiet.ProtectRoles) == 0 {
			continue
		}
		known := &knownHours{Hours: rules.Hours()}
		peace.establishments[rules.Establishment] = &protection{known, rules.Quiet.ProtectRoles}
		peace.all = append(peace.all, known)
	}
	var rows []struct {
		ID             string                  `db:"id"`
		Establishments types.JSONArray[string] `db:"establishments"`
		OwnHours
	}
	err = s.app.ConcurrentDB().Select("id", "establishments", "quiet_from", "quiet_to", "quiet_days").From("users").
		Where(dbx.NewExp("quiet_from != ''")).AndWhere(dbx.NewExp("disabled = FALSE")).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load people's quiet hours: %w", err)
	}
	for _, row := range rows {
		zone := ""
		if len(row.Establishments) > 0 {
			rules, err := s.Rules(protocol.ParseID(row.Establishments[0]))
			if err != nil {
				return nil, err
			}
			if rules != nil {
				zone = rules.Timezone
			}
		}
		known := &knownHours{Hours: NewHours(row.From, row.To, row.Days, nil, zone)}
		peace.own[protocol.ParseID(row.ID)] = known
		peace.all = append(peace.all, known)
	}
	return peace, nil
}

// Hours returns an establishment's quiet hours, whether or not they are turned on.
func (r *Rules) Hours() Hours {
	return NewHours(r.Quiet.From, r.Quiet.To, r.Quiet.Days, r.Closures, r.Timezone)
}

// updatePeace notes that the hours have changed.
func (s *Service) updatePeace(change store.Change) {
	switch change.(type) {
	case RulesChanged, QuietChanged, PersonDeleted, store.Reset:
		s.peace.version.Add(1)
	}
}

// IsCalm reports whether nobody at all is protected at t. It is asked for each message.
func (p *Peace) IsCalm(t time.Time) bool {
	if len(p.all) == 0 || p.calm.Load().contains(t) {
		return true
	}
	calm := span{t, t.Add(maxQuiet)}
	for _, hours := range p.all {
		if _, quiet := hours.until(t); quiet {
			return false
		}
		if next := hours.next(t); next.Before(calm.to) {
			calm.to = next
		}
	}
	p.calm.Store(&calm)
	return true
}

// with adds the hours that protect a person to others, each once; none for somebody whose account is
// disabled.
func (p *Peace) with(all []*knownHours, person *Person) []*knownHours {
	if person.Disabled {
		return all
	}
	for _, id := range person.Establishments {
		protection := p.establishments[id]
		if protection != nil && slices.Contains(protection.roles, person.Role) && !slices.Contains(all, protection.knownHours) {
			all = append(all, protection.knownHours)
		}
	}
	if own := p.own[person.ID]; own != nil {
		all = append(all, own)
	}
	return all
}

// hasOwn reports whether a person has chosen hours of their own.
func (p *Peace) hasOwn(user protocol.ID) bool { return p.own[user] != nil }

// Until returns until when a person is protected at t; the zero time if they aren't.
func (p *Peace) Until(person Person, t time.Time) time.Time {
	if p.IsCalm(t) {
		return time.Time{}
	}
	free := firstFree(p.with(nil, &person), t)
	if free.Equal(t) {
		return time.Time{}
	}
	return free
}

// FreeAt returns the first moment from t on at which nobody of people is protected.
func (p *Peace) FreeAt(people iter.Seq[*Person], t time.Time) time.Time {
	if p.IsCalm(t) {
		return t
	}
	var all []*knownHours
	for person := range people {
		all = p.with(all, person)
	}
	return firstFree(all, t)
}

// firstFree is freeAt, which it asks only if one of the hours is quiet now.
func firstFree(all []*knownHours, t time.Time) time.Time {
	isQuiet := func(hours *knownHours) bool { _, quiet := hours.until(t); return quiet }
	if !slices.ContainsFunc(all, isQuiet) {
		return t
	}
	plain := make([]Hours, len(all))
	for i, hours := range all {
		plain[i] = hours.Hours
	}
	return freeAt(plain, t)
}

// ProtectedUntil returns until when a person is left in peace, the zero time if they aren't now.
func (s *Service) ProtectedUntil(user protocol.ID) (time.Time, error) {
	peace, err := s.Peace()
	now := s.Now()
	if err != nil || peace.IsCalm(now) {
		return time.Time{}, err
	}
	account, err := s.Account(user)
	if err != nil || account == nil {
		return time.Time{}, err
	}
	return peace.Until(account.Person, now), nil
}

// MaySendUrgent reports whether somebody's messages may be urgent in an establishment.
func (s *Service) MaySendUrgent(person Person, establishment protocol.ID) (bool, error) {
	rules, err := s.Rules(establishment)
	return rules != nil && slices.Contains(rules.Quiet.UrgentRoles, person.Role), err
}

// Now returns until when establishments are quiet at t, and people by hours of their own; it has none
// that aren't.
func (p *Peace) Now(t time.Time) (establishments, own map[protocol.ID]time.Time) {
	establishments, own = make(map[protocol.ID]time.Time), make(map[protocol.ID]time.Time)
	if p.IsCalm(t) {
		return establishments, own
	}
	for id, protection := range p.establishments {
		if end, quiet := protection.until(t); quiet {
			establishments[id] = end
		}
	}
	for id, hours := range p.own {
		if end, quiet := hours.until(t); quiet {
			own[id] = end
		}
	}
	return establishments, own
}
