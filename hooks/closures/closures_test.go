package closures_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/closures"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

func calendar(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("testdata/zone-a.ics")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadCalendar_takesHolidaysAlone(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"as it is":          func(s string) string { return s },
		"with CRLF":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"with a mark":       func(s string) string { return "\xef\xbb\xbf" + s },
		"with folded lines": func(s string) string { return strings.ReplaceAll(s, "Vacances de", "Vacances\n  de") },
	} {
		holidays, ignored, err := closures.ReadCalendar(strings.NewReader(change(calendar(t))))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []closures.Holiday{
			{Name: "Vacances de la Toussaint - Zone A", FirstDay: "2026-10-17", LastDay: "2026-11-01"},
			{Name: "Armistice", FirstDay: "2026-11-11", LastDay: "2026-11-11"},
			{Name: "Vacances de Noël - Zones A, B, C", FirstDay: "2026-12-19", LastDay: "2027-01-03"},
		}
		if !reflect.DeepEqual(holidays, want) {
			t.Errorf("%s: %+v", name, holidays)
		}
		wantIgnored := []string{"Prérentrée des enseignants - Zone A", "Rentrée scolaire des élèves", "Début des vacances d'été - Zone A", "Conseil d'administration", "Mercredi"}
		if !reflect.DeepEqual(ignored, wantIgnored) {
			t.Errorf("%s: ignored %q", name, ignored)
		}
	}
}

func TestReadCalendar_refusesWhatItCannotUse(t *testing.T) {
	whole := calendar(t)
	event := whole[strings.Index(whole, "BEGIN:VEVENT"):strings.Index(whole, "END:VCALENDAR")]
	for name, file := range map[string]string{
		"nothing":        "",
		"a table":        "nom;prénom\nMartin;Claire\n",
		"a picture":      "\x89PNG\r\n\x1a\n\x00",
		"without an end": whole[:len(whole)/2],
		"no holidays":    "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n",
		"several zones":  strings.Replace(whole, "END:VCALENDAR", strings.ReplaceAll(event, "Zone A", "Zone B")+"END:VCALENDAR", 1),
		"too large":      whole + strings.Repeat(" ", closures.MaxFile),
		"too many":       strings.Replace(whole, "END:VCALENDAR", manyEvents()+"END:VCALENDAR", 1),
	} {
		_, _, err := closures.ReadCalendar(strings.NewReader(file))
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Code() != protocol.CodeUnreadableFile {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func manyEvents() string {
	var all strings.Builder
	for year := range 20 {
		for month := range 12 {
			for day := range 3 {
				all.WriteString("BEGIN:VEVENT\nDTSTART;VALUE=DATE:" + []string{"20", "21"}[year%2] + number(year+10) + number(month+1) + number(day+1) + "\nSUMMARY:Fermé\nEND:VEVENT\n")
			}
		}
	}
	return all.String()
}

func number(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

func upload(app *apptest.App, as apptest.Person, path, content string) *apptest.Response {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "zone-a.ics")
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil {
		panic(err)
	}
	_ = form.Close()
	req, err := http.NewRequest("POST", app.URL+path, &body)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+as.Token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return app.Send(req)
}

func TestClosures_areChangedByTheAdministration(t *testing.T) {
	app := apptest.New(t)
	college, lycee := app.Establishment("Collège"), app.Establishment("Lycée")
	head := app.Person(college, protocol.RoleAdmin, "Anne", "Durand")
	teacher := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	path := "/api/messagerie/closures/" + college.String() + "/"
	bridge := map[string]any{"name": " Pont ", "first_day": "2027-05-07", "last_day": "2027-05-08"}

	app.Post(teacher, path, bridge).Refused(403, protocol.CodeForbidden)
	app.Post(head, "/api/messagerie/closures/"+lycee.String()+"/", bridge).Refused(403, protocol.CodeForbidden)
	for _, wrong := range []any{
		map[string]any{"name": "", "first_day": "2027-05-07", "last_day": "2027-05-08"},
		map[string]any{"name": "Pont", "first_day": "2027-05-09", "last_day": "2027-05-08"},
		map[string]any{"name": "Pont", "first_day": "2027-02-29", "last_day": "2027-05-08"},
		"[]", "",
	} {
		app.Post(head, path, wrong).Refused(400, protocol.CodeInvalidRequest)
	}
	var closure, again protocol.Closure
	app.Post(head, path, bridge).OK(201).Into(&closure)
	if closure.Name != "Pont" || closure.FirstDay != "2027-05-07" || closure.LastDay != "2027-05-08" {
		t.Errorf("%+v", closure)
	}
	if app.Post(head, path, bridge).OK(201).Into(&again); again != closure {
		t.Errorf("again: %+v", again)
	}
	upload(app, teacher, path, calendar(t)).Refused(403, protocol.CodeForbidden)
	upload(app, head, path, "rien").Refused(400, protocol.CodeUnreadableFile)
	for _, want := range []protocol.ClosuresImported{{Added: 3, Ignored: 5}, {Unchanged: 3, Ignored: 5}} {
		var got protocol.ClosuresImported
		upload(app, head, path, calendar(t)).OK(201).Into(&got)
		if got.Added != want.Added || got.Unchanged != want.Unchanged || got.Ignored != want.Ignored || len(got.Closures) != 3 {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if count := app.Count("closures"); count != 4 {
		t.Errorf("%d closures", count)
	}
	rules, err := app.People.Rules(college)
	if err != nil || len(rules.Closures) != 4 {
		t.Errorf("the rules have %v, %v", rules.Closures, err)
	}
	app.Do(teacher.Token, "DELETE", path+closure.ID.String()+"/", nil).Refused(403, protocol.CodeForbidden)
	app.Do(head.Token, "DELETE", path+closure.ID.String()+"/", nil).OK(204)
	app.Do(head.Token, "DELETE", path+closure.ID.String()+"/", nil).Refused(404, protocol.CodeNotFound)
}
