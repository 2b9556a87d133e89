package school

import (
	"fmt"
	"strings"

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

// Me describes the caller, with the names of the establishments.
func (s *Service) Me(caller Person) (protocol.Me, error) {
	var rows []struct {
		ID       string `db:"id"`
		Name     string `db:"name"`
		Timezone string `db:"timezone"`
	}
	err := s.app.ConcurrentDB().Select("id", "name", "timezone").From("establishments").
		Where(dbx.In("id", store.RecordIDs(caller.Establishments)...)).OrderBy("name").All(&rows)
	if err != nil {
		return protocol.Me{}, fmt.Errorf("load establishments: %w", err)
	}
	me := protocol.Me{
		User:           caller.For(caller),
		Establishments: make([]protocol.Establishment, len(rows)),
		Locale:         caller.Locale,

		TemporaryPassword: caller.TemporaryPassword,
	}
	for i, row := range rows {
		me.Establishments[i] = protocol.Establishment{ID: protocol.ParseID(row.ID), Name: row.Name, Timezone: row.Timezone}
	}
	return me, nil
}
