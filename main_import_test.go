package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// status is the exit status of a program that has ended.
func status(err error) int {
	if err == nil {
		return 0
	}
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

func TestImport_isRefusedBesideAServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	serve(t, dir)
	said, err := runToEnd(t, "import", "eleves.csv", "--establishment", "Collège", "--dir", dir)
	if status(err) != 1 || !strings.Contains(said, "page d'administration") {
		t.Errorf("%v: %s", err, said)
	}
}

func TestYearEnd_asksAndEndsTheYear(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège Jean-Moulin")
	class := app.Class(college, "3e A", app.Person(college, protocol.RoleStudent, "Léo", "Roux"))
	app.Change("classes", class, map[string]any{"year": "2021-2022"})
	app.Stop()
	disabled := func() int {
		app := apptest.Open(t, app.Dir)
		defer app.Stop()
		records, err := app.FindRecordsByFilter("users", "disabled = true", "", 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(records)
	}
	args := []string{"year-end", "--dir", app.Dir, "--establishment", "college jean-moulin", "--year", "2022-2023"}
	for _, without := range []string{"--dry-run", "--yes=false"} { // standard input is empty: nobody agrees
		said, err := runToEnd(t, append(args, without)...)
		if status(err) != 0 || !strings.Contains(said, "3e A (1 élève) : quittent l'établissement") || disabled() != 0 {
			t.Errorf("%s: %v: %s", without, err, said)
		}
	}
	if said, err := runToEnd(t, append(args, "--yes")...); status(err) != 0 || !strings.Contains(said, "passage d'année est fait") || disabled() != 1 {
		t.Errorf("%v: %s", err, said)
	}
	if said, err := runToEnd(t, append(args, "--yes")...); status(err) != 0 || !strings.Contains(said, "Aucune classe n'est à archiver") {
		t.Errorf("a second time: %v: %s", err, said)
	}
	if said, err := runToEnd(t, "year-end", "--dir", app.Dir); status(err) != 1 || !strings.Contains(said, "--establishment") {
		t.Errorf("without an establishment: %v: %s", err, said)
	}
}

func TestImport_changesNothingIfAFileIsUnreadable(t *testing.T) {
	app := apptest.New(t)
	app.Establishment("Collège Jean-Moulin")
	app.Stop()
	file := filepath.Join(t.TempDir(), "photo.png")
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\n\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		args []string
	}{
		{"fichier illisible", []string{file, "--establishment", "college jean-moulin"}},
		{"illisible", []string{filepath.Join(t.TempDir(), "illisible.csv"), "--establishment", "Collège Jean-Moulin"}},
		{"il y a : Collège Jean-Moulin", []string{file, "--establishment", "Lycée"}},
		{"--establishment", []string{file}},
		{"au moins un fichier", []string{"--establishment", "Collège Jean-Moulin"}},
	} {
		said, err := runToEnd(t, append([]string{"import", "--dir", app.Dir}, c.args...)...)
		if status(err) != 1 || !strings.Contains(said, c.why) {
			t.Errorf("%q: %v: %s", c.args, err, said)
		}
	}
	if got := apptest.Open(t, app.Dir).Count("roster_imports"); got != 0 {
		t.Errorf("%d imports are stored", got)
	}
}

// planned is a server's data with an import of many people that is ready to be applied.
func planned(t *testing.T, people int) (dir string, admin apptest.Person, path string) {
	t.Helper()
	app := apptest.New(t)
	college := app.Establishment("Collège Jean-Moulin")
	admin = app.Person(college, protocol.RoleAdmin, "Agnès", "Directrice")
	r := &roster.Roster{Format: roster.FormatTable, Year: "2026-2027", Complete: []string{protocol.RoleStudent}}
	for i := range people {
		key := fmt.Sprint(i)
		r.People = append(r.People, roster.Person{Key: key, FirstName: "Élève " + key, LastName: "Petit", Role: protocol.RoleStudent})
		r.Enrollments = append(r.Enrollments, roster.Enrollment{Person: key, Class: "6e A", Role: protocol.InClassStudent})
	}
	id, err := app.Rosters.PlanRoster(admin.ID, college, r)
	if err != nil {
		t.Fatal(err)
	}
	app.Stop()
	return app.Dir, admin, fmt.Sprintf("/api/messagerie/roster/%d/%d/", college, id)
}

func TestImport_killedWhileApplyingIsTakenBack(t *testing.T) {
	dir, admin, path := planned(t, 3000)
	server, url := serveAt(t, dir)
	ask := func(method, path string) (plan protocol.RosterPlan) {
		t.Helper()
		req, err := http.NewRequest(method, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+admin.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusTooManyRequests { // of a test that asks all the time
			return plan
		}
		if err := json.NewDecoder(resp.Body).Decode(&plan); err != nil || resp.StatusCode >= 300 {
			t.Fatalf("%s: status %d: %v", path, resp.StatusCode, err)
		}
		return plan
	}
	plan := ask("POST", path+"apply/")
	for plan.Progress < 0.3 {
		now := ask("GET", path+"?limit=1")
		if now.ID == 0 {
			continue
		}
		if plan = now; plan.State != protocol.RosterApplying {
			t.Fatalf("before the kill it is %s", plan.State)
		}
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()

	server, url = serveAt(t, dir)
	if plan = ask("GET", path+"?limit=1"); plan.State != protocol.RosterFailed {
		t.Errorf("after the restart it is %s", plan.State)
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	app := apptest.Open(t, dir)
	if people, classes := app.Count("users"), app.Count("classes"); people != 1 || classes != 0 || app.Count("enrollments") != 0 {
		t.Errorf("%d people and %d classes are left", people, classes)
	}
}

func TestClosures_areImportedOnce(t *testing.T) {
	app := apptest.New(t)
	app.Establishment("Collège Jean-Moulin")
	app.Stop()
	run := func(file string, want int, said ...string) {
		t.Helper()
		out, err := runToEnd(t, "closures", "import", file, "--establishment", "college jean-moulin", "--dir", app.Dir)
		if status(err) != want {
			t.Errorf("%v: %s", err, out)
		}
		for _, text := range said {
			if !strings.Contains(out, text) {
				t.Errorf("it didn't say %q: %s", text, out)
			}
		}
	}
	calendar := filepath.Join("hooks", "closures", "testdata", "zone-a.ics")
	run(calendar, 0, "2026-12-19 – 2027-01-03  Vacances de Noël", "laissé de côté : Rentrée scolaire des élèves", "3 ajoutés, 0 inchangés, 5 laissés de côté")
	run(calendar, 0, "0 ajoutés, 3 inchangés")
	run("main.go", 1, "rien n'a été importé")
	serve(t, app.Dir)
	run(calendar, 1, "page d'administration")
}
