package school

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// bindEstablishments makes sure that an establishment's time zone exists.
func (s *Service) bindEstablishments() {
	check := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		zone := strings.TrimSpace(e.Record.GetString("timezone"))
		if zone == "" {
			zone = protocol.DefaultTimezone
		}
		if !protocol.IsTimezone(zone) {
			return refusal.OnField("timezone", refusal.New(protocol.CodeInvalidRequest,
				"%q isn't a time zone: choose an IANA name, such as %s.", zone, protocol.DefaultTimezone))
		}
		e.Record.Set("timezone", zone)
		return e.Next()
	})
	s.app.OnRecordCreate("establishments").Bind(check)
	s.app.OnRecordUpdate("establishments").Bind(check)
}

// LoginPage returns what the log-in page shows: the name from the settings, and the logo
// of the first establishment that has one.
func (s *Service) LoginPage() (protocol.School, error) {
	page := protocol.School{Name: s.app.Settings().Meta.AppName}
	var row struct {
		ID   string `db:"id"`
		Logo string `db:"logo"`
	}
	err := s.app.ConcurrentDB().Select("id", "logo").From("establishments").
		Where(dbx.NewExp("logo != ''")).OrderBy("id").Limit(1).One(&row)
	switch {
	case isNoRows(err):
		return page, nil
	case err != nil:
		return page, fmt.Errorf("load logo: %w", err)
	}
	page.Logo = fmt.Sprintf("/api/files/establishments/%s/%s?thumb=0x128", row.ID, row.Logo)
	return page, nil
}

// abilities returns what somebody may do besides writing messages.
func (s *Service) abilities(person Person) protocol.Abilities {
	administers := person.Role == protocol.RoleAdmin
	return protocol.Abilities{
		Announce:   person.IsStaff(),
		Mail:       slices.Contains(s.limits.EmailRoles, person.Role),
		Moderate:   administers,
		Administer: administers,
	}
}

// LimitFiles tells people what files they may send. It is called before the app is bootstrapped.
func (s *Service) LimitFiles(limits protocol.FileLimits) { s.files = limits }

// AskForPings tells clients how often to ask their sockets for a sign of life. It is called before the app is bootstrapped.
func (s *Service) AskForPings(every time.Duration) { s.pings = every }

// Me describes the caller, with their establishments by name.
func (s *Service) Me(caller Person) (protocol.Me, error) {
	schools := make([]*Rules, 0, len(caller.Establishments))
	for _, id := range caller.Establishments {
		rules, err := s.Rules(id)
		if err != nil {
			return protocol.Me{}, err
		}
		if rules != nil {
			schools = append(schools, rules)
		}
	}
	slices.SortFunc(schools, func(a, b *Rules) int { return strings.Compare(a.Name, b.Name) })
	secondFactor, err := s.SecondFactorState(caller)
	if err != nil {
		return protocol.Me{}, err
	}
	me := protocol.Me{
		User:           caller.For(caller),
		Establishments: make([]protocol.Establishment, len(schools)),
		Locale:         caller.Locale,
		Username:       caller.Username,
		Can:            s.abilities(caller),
		Attachments:    s.files,
		PingSeconds:    s.pings.Seconds(),

		TemporaryPassword: caller.TemporaryPassword,
		SecondFactor:      secondFactor,
	}
	for i, rules := range schools {
		me.Establishments[i] = protocol.Establishment{ID: rules.Establishment, Name: rules.Name, Timezone: rules.Timezone}
		if pause := s.PausedNow(rules, caller.Role); pause != nil && me.Pause == nil {
			me.Pause = &protocol.MePause{Text: pause.Text, Until: pause.wire().Until}
		}
	}
	return me, s.quietOf(caller, &me)
}
