package pb_migrations_test

import (
	"strings"
	"testing"
)

func TestPeopleOrder_hasThoseWhoWereThere(t *testing.T) {
	app := migrated(t)
	runner := before(t, app, "1790000040_people_order.go")
	for _, statement := range []string{
		`INSERT INTO establishments (id, name) VALUES ('0000000000000001', 'Collège')`,
		`INSERT INTO users (id, first_name, last_name, role, tokenKey, establishments, disabled) VALUES
			('0000000000000002', 'Zoë', 'Marchand', 'student', 'k', '["0000000000000001"]', FALSE),
			('0000000000000003', 'Noé', 'Élie', 'student', 'l', '["0000000000000001"]', FALSE),
			('0000000000000004', 'Léa', 'Partie', 'student', 'm', '["0000000000000001"]', TRUE),
			('0000000000000005', 'Sans', 'École', 'student', 'n', '', FALSE)`,
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := app.DB().NewQuery(`SELECT name FROM people_order ORDER BY establishment, role, name`).Column(&names); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != `["elie","noe"] ["marchand","zoe"]` {
		t.Errorf("the order is %s", got)
	}
}
