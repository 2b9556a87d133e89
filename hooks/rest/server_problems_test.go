package rest_test

import (
	"os"
	"path/filepath"
	"testing"

	"messagerie/hooks/protocol"
)

func TestServerProblems_areForTheAdministration(t *testing.T) {
	s := newSchool(t)
	failed := `{"finished":"2026-01-02T03:04:05Z","error":"no route to the host of backups"}`
	if err := os.WriteFile(filepath.Join(s.Dir, "backup.json"), []byte(failed), 0o600); err != nil {
		t.Fatal(err)
	}
	const path = "/api/messagerie/server-problems/"
	s.Get(s.claire, path).Refused(403, protocol.CodeForbidden)
	head := s.Person(s.college, protocol.RoleAdmin, "Anne", "Petit")
	resp := s.Get(head, path).OK(200)
	sameShape(t, "server_problems", decoded(t, resp.Body), sample(t, "server_problems"))
	var found []protocol.ServerProblem
	resp.Into(&found)
	want := protocol.ServerProblem{Cause: protocol.CauseBackup, Code: "failed"}
	if len(found) == 0 || found[len(found)-1] != want {
		t.Errorf("the problems are %+v, want %+v", found, want)
	}
}
