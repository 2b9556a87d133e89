package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	_ "messagerie/hooks/words"
)

func init() {
	migrations.Register(createPeopleOrder, dropPeopleOrder)
}

// createPeopleOrder creates the order in which the people of an establishment are listed: by role,
// then by last and first name, without regard to accents and case. As with people_words, triggers
// maintain it. It is a table because an index on a function of ours would keep other programs from
// opening the database.
func createPeopleOrder(app core.App) error {
	return execute(app, "order of people", []string{
		`CREATE TABLE people_order (
			establishment TEXT NOT NULL,
			role TEXT NOT NULL,
			name TEXT NOT NULL,
			user TEXT NOT NULL,
			PRIMARY KEY (establishment, role, name, user)
		) WITHOUT ROWID`,
		`CREATE INDEX idx_people_order_user ON people_order (user)`,
		`CREATE TRIGGER people_order_insert AFTER INSERT ON users BEGIN ` + orderOf("new", "") + `; END`,
		`CREATE TRIGGER people_order_delete AFTER DELETE ON users BEGIN
			DELETE FROM people_order WHERE user = old.id; END`,
		`CREATE TRIGGER people_order_update AFTER UPDATE OF id, first_name, last_name, role, establishments, disabled ON users BEGIN
			DELETE FROM people_order WHERE user = old.id;
			` + orderOf("new", "") + `; END`,
		orderOf("users", "users, "),
	})
}

// orderOf writes the rows of a row of users.
func orderOf(row, from string) string {
	return `INSERT OR IGNORE INTO people_order (establishment, role, name, user)
		SELECT school.value, ` + row + `.role, search_words(` + row + `.last_name || ' ' || ` + row + `.first_name), ` + row + `.id
		FROM ` + from + `json_each(CASE WHEN json_valid(` + row + `.establishments) THEN ` + row + `.establishments ELSE '[]' END) AS school
		WHERE NOT ` + row + `.disabled`
}

func dropPeopleOrder(app core.App) error {
	return execute(app, "order of people", []string{
		`DROP TRIGGER people_order_insert`,
		`DROP TRIGGER people_order_update`,
		`DROP TRIGGER people_order_delete`,
		`DROP TABLE people_order`,
	})
}
