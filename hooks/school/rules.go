package school

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Rules are an establishment's rules of who may write to whom, and when. They are shared and never
// changed: what changes is announced as RulesChanged.
type Rules struct {
	Establishment protocol.ID
	Name          string
	Timezone      string // an IANA name

	Open          bool // everybody may write to everybody
	GuardiansJoin int  // the age below which a student's guardians join what an adult begins; 0 for never
	Pauses        []Pause
	Quiet         QuietFields
	Closures      []Closure // by their first day

	contacts contactTable // also where Open
}

// Pause is a time in which people of some roles can't write.
type Pause struct {
	ID          protocol.ID
	Roles       []string
	Text        string
	From, Until time.Time // a zero Until: until it is lifted
}

// QuietFields are an establishment's quiet hours as they are stored.
type QuietFields struct {
	Mode         string // one of protocol.QuietModes
	From, To     string // such as "20:00"
	Days         []string
	ProtectRoles []string // who is left in peace
	UrgentRoles  []string // whose messages may be urgent
}

// Closure is a time in which an establishment is closed, from one day to another, as they are stored.
type Closure struct {
	ID                protocol.ID
	Name              string
	FirstDay, LastDay string // such as "2026-12-19"; both included
}

// RulesChanged: the rules of an establishment are others now. Before or After is nil if it is new or
// was deleted.
type RulesChanged struct {
	Establishment protocol.ID
	Before, After *Rules
}

// rulesBytes bounds the cache of rules: room for some hundred establishments.
const rulesBytes = 1 << 20

// Rules returns those of an establishment, nil if there is none, usually from the cache.
func (s *Service) Rules(establishment protocol.ID) (*Rules, error) {
	if known := s.rules.Peek(establishment); known != nil { // called for each message: avoids allocating the function
		return known, nil
	}
	return s.rules.Get(establishment, func(missing []protocol.ID) (map[protocol.ID]*Rules, error) {
		return loadRules(s.app, missing)
	})
}

// EveryRules returns the rules of all establishments.
func (s *Service) EveryRules() ([]*Rules, error) {
	var stored []string
	if err := s.app.ConcurrentDB().Select("id").From("establishments").OrderBy("id").Column(&stored); err != nil {
		return nil, fmt.Errorf("list establishments: %w", err)
	}
	all := make([]*Rules, 0, len(stored))
	for _, id := range stored {
		rules, err := s.Rules(protocol.ParseID(id))
		if err != nil {
			return nil, err
		}
		if rules != nil { // else just deleted
			all = append(all, rules)
		}
	}
	return all, nil
}

// loadRules reads the rules of those establishments that exist.
func loadRules(app core.App, establishments []protocol.ID) (map[protocol.ID]*Rules, error) {
	var rows []establishmentRow
	in := store.RecordIDs(establishments)
	err := app.ConcurrentDB().Select(establishmentColumns...).From("establishments").Where(dbx.In("id", in...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load establishments: %w", err)
	}
	loaded := make(map[protocol.ID]*Rules, len(rows))
	for _, row := range rows {
		rules := row.rules()
		loaded[rules.Establishment] = rules
	}
	if len(loaded) == 0 {
		return loaded, nil
	}
	for _, load := range []func(core.App, []any, map[protocol.ID]*Rules) error{loadContacts, loadPauses, loadClosures} {
		if err := load(app, in, loaded); err != nil {
			return nil, err
		}
	}
	return loaded, nil
}

var establishmentColumns = []string{"id", "name", "timezone", "contacts", "guardians_join", "quiet", "quiet_from", "quiet_to",
	"quiet_days", "quiet_roles", "urgent_roles"}

type establishmentRow struct {
	ID            string                  `db:"id"`
	Name          string                  `db:"name"`
	Timezone      string                  `db:"timezone"`
	Contacts      string                  `db:"contacts"`
	GuardiansJoin string                  `db:"guardians_join"`
	Quiet         string                  `db:"quiet"`
	QuietFrom     string                  `db:"quiet_from"`
	QuietTo       string                  `db:"quiet_to"`
	QuietDays     types.JSONArray[string] `db:"quiet_days"`
	QuietRoles    types.JSONArray[string] `db:"quiet_roles"`
	UrgentRoles   types.JSONArray[string] `db:"urgent_roles"`
}

func (r establishmentRow) rules() *Rules {
	age, err := strconv.Atoi(r.GuardiansJoin)
	if err != nil {
		age = 0 // never
	}
	return &Rules{
		Establishment: protocol.ParseID(r.ID),
		Name:          r.Name,
		Timezone:      orDefault(r.Timezone, protocol.DefaultTimezone),
		Open:          r.Contacts == protocol.ContactsOpen,
		GuardiansJoin: age,
		Quiet: QuietFields{
			Mode: orDefault(r.Quiet, protocol.QuietOff),
			From: orDefault(r.QuietFrom, defaultQuietFrom), To: orDefault(r.QuietTo, defaultQuietTo),
			Days: r.QuietDays, ProtectRoles: r.QuietRoles, UrgentRoles: r.UrgentRoles,
		},
		contacts: defaultContacts,
	}
}

func orDefault(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func loadContacts(app core.App, establishments []any, loaded map[protocol.ID]*Rules) error {
	var rows []struct {
		Establishment string `db:"establishment"`
		From          string `db:"from_role"`
		To            string `db:"to_role"`
		Rule          string `db:"rule"`
	}
	err := app.ConcurrentDB().Select("establishment", "from_role", "to_role", "rule").From("contact_rules").
		Where(dbx.In("establishment", establishments...)).All(&rows)
	if err != nil {
		return fmt.Errorf("load contact rules: %w", err)
	}
	for _, row := range rows {
		if rules := loaded[protocol.ParseID(row.Establishment)]; rules != nil {
			rules.contacts.set(row.From, row.To, row.Rule)
		}
	}
	return nil
}

func loadPauses(app core.App, establishments []any, loaded map[protocol.ID]*Rules) error {
	var rows []struct {
		ID            string                  `db:"id"`
		Establishment string                  `db:"establishment"`
		Roles         types.JSONArray[string] `db:"roles"`
		Text          string                  `db:"text"`
		From          types.DateTime          `db:"from"`
		Until         types.DateTime          `db:"until"`
	}
	err := app.ConcurrentDB().Select("id", "establishment", "roles", "text", "from", "until").From("pauses").
		Where(dbx.In("establishment", establishments...)).OrderBy("from", "id").All(&rows)
	if err != nil {
		return fmt.Errorf("load pauses: %w", err)
	}
	for _, row := range rows {
		if rules := loaded[protocol.ParseID(row.Establishment)]; rules != nil {
			rules.Pauses = append(rules.Pauses, Pause{protocol.ParseID(row.ID), row.Roles, row.Text, row.From.Time(), row.Until.Time()})
		}
	}
	return nil
}

func loadClosures(app core.App, establishments []any, loaded map[protocol.ID]*Rules) error {
	var rows []struct {
		ID            string `db:"id"`
		Establishment string `db:"establishment"`
		Name          string `db:"name"`
		FirstDay      string `db:"first_day"`
		LastDay       string `db:"last_day"`
	}
	err := app.ConcurrentDB().Select("id", "establishment", "name", "first_day", "last_day").From("closures").
		Where(dbx.In("establishment", establishments...)).OrderBy("first_day", "id").All(&rows)
	if err != nil {
		return fmt.Errorf("load closures: %w", err)
	}
	for _, row := range rows {
		if rules := loaded[protocol.ParseID(row.Establishment)]; rules != nil {
			rules.Closures = append(rules.Closures, Closure{protocol.ParseID(row.ID), row.Name, row.FirstDay, row.LastDay})
		}
	}
	return nil
}

// The sizes of rules without their texts, roughly.
const (
	rulesBase    = 480
	pauseBytes   = 160
	closureBytes = 80
)

func (r *Rules) cacheSize() int {
	size := rulesBase + len(r.Name) + len(r.Timezone)
	for _, p := range r.Pauses {
		size += pauseBytes + len(p.Text)
	}
	for _, c := range r.Closures {
		size += closureBytes + len(c.Name)
	}
	return size
}

// wire returns the pause as the administration sees it.
func (p Pause) wire() protocol.Pause {
	view := protocol.Pause{ID: p.ID, Roles: p.Roles, Text: p.Text, From: protocol.Time(p.From)}
	if !p.Until.IsZero() {
		until := protocol.Time(p.Until)
		view.Until = &until
	}
	return view
}

// isFor reports whether a pause is for people of a role at a time.
func (p Pause) isFor(role string, at time.Time) bool {
	return slices.Contains(p.Roles, role) && !at.Before(p.From) && (p.Until.IsZero() || at.Before(p.Until))
}
