package rest_test

import (
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

func TestTimezone_hasToExist_andIsInMe(t *testing.T) {
	s := newSchool(t)
	administrator := s.Superuser()
	path := "/api/collections/establishments/records/" + s.college.RecordID()
	timezone := func() string {
		t.Helper()
		var me protocol.Me
		s.Get(s.claire, "/api/messagerie/me/").OK(200).Into(&me)
		return me.Establishments[0].Timezone
	}
	if got := timezone(); got != "Europe/Paris" {
		t.Errorf("a new establishment is in %q", got)
	}
	for given, want := range map[string]string{"America/Martinique": "America/Martinique", " Indian/Reunion ": "Indian/Reunion", "UTC": "UTC", "": "Europe/Paris"} {
		s.Do(administrator, "PATCH", path, object{"timezone": given}).OK(200)
		if got := timezone(); got != want {
			t.Errorf("%q became %q", given, got)
		}
	}
	before := timezone()
	for _, wrong := range []string{"Paris", "europe/nowhere", "Local", "localtime", "GMT+1", "+02:00", "../etc/passwd", "right/Europe/Paris", "Europe/Paris\x00"} {
		for method, address := range map[string]string{"PATCH": path, "POST": "/api/collections/establishments/records"} {
			resp := s.Do(administrator, method, address, object{"name": "École", "timezone": wrong})
			refused := resp.Refused(400, protocol.CodeInvalidRequest)
			field, _ := refused.Data["timezone"].(map[string]any)
			if message, _ := field["message"].(string); !strings.Contains(message, "Europe/Paris") {
				t.Errorf("%s %q: %v", method, wrong, refused.Data)
			}
		}
	}
	if got := timezone(); got != before {
		t.Errorf("in the end it is in %q, not %q", got, before)
	}
}
