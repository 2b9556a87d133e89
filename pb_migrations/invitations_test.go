package pb_migrations_test

import (
	"strings"
	"testing"
)

func TestInvitations_noteWhoHasJoined(t *testing.T) {
	app := migrated(t)
	runner := before(t, app, "1790000165_invitations.go")
	for _, statement := range []string{
		`INSERT INTO users (id, first_name, last_name, role, tokenKey) VALUES
			('0000000000000001', 'Device', 'X', 'parent', 'a'), ('0000000000000002', 'Reader', 'X', 'parent', 'b'),
			('0000000000000003', 'Provider', 'X', 'parent', 'c'), ('0000000000000004', 'Added', 'X', 'parent', 'd'),
			('0000000000000005', 'Nobody', 'X', 'parent', 'e')`,
		`INSERT INTO devices (id, user, created) VALUES ('0000000000000011', '0000000000000001', '2026-09-01 08:00:00.000Z')`,
		`INSERT INTO participants (id, conversation, user, last_read, created) VALUES
			('0000000000000021', '0000000000000020', '0000000000000002', '0000000000000029', '2026-09-02 08:00:00.000Z'),
			('0000000000000022', '0000000000000020', '0000000000000004', '0000000000000019', '2026-09-02 08:00:00.000Z'),
			('0000000000000023', '0000000000000020', '0000000000000005', '', '2026-09-02 08:00:00.000Z')`,
		`INSERT INTO _externalAuths (id, collectionRef, recordRef, provider, providerId, created) VALUES
			('x', '_pb_users_auth_', '0000000000000003', 'oidc', '3', '2026-09-03 08:00:00.000Z')`,
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	var joined []string
	if err := app.DB().NewQuery(`SELECT first_name || ' ' || substr(joined_at, 1, 10) FROM users ORDER BY id`).Column(&joined); err != nil {
		t.Fatal(err)
	}
	// Added found messages in a group, and has never come.
	if got := strings.Join(joined, ", "); got != "Device 2026-09-01, Reader 2026-09-02, Provider 2026-09-03, Added , Nobody " {
		t.Errorf("joined are %s", got)
	}
}
