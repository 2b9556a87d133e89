package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createPeopleSearch, dropPeopleSearch)
}

// createPeopleSearch makes the index that finds people by a prefix of any word of
// their names and address, without regard to case and accents. It isn't a
// collection: triggers keep it, so that it is true whichever way a person is
// written. The rowid is the person's id as a number.
//
// public_email is filled for those whose address everybody may see, so that
// searching can't reveal a hidden one. A disabled person has no entry.
func createPeopleSearch(app core.App) error {
	entry := func(row string) string {
		col := func(name string) string { return row + "." + name }
		return fmt.Sprintf(`INSERT INTO people_search
			(rowid, first_name, last_name, email, public_email, establishments)
			SELECT CAST(%s AS INTEGER), %s, %s, %s,
				CASE WHEN %s OR %s IN (%s) THEN %s ELSE '' END, %s
			WHERE NOT %s;`,
			col("id"), unligated(col("first_name")), unligated(col("last_name")), col("email"),
			col("emailVisibility"), col("role"), staffRoles, col("email"), col("establishments"),
			col("disabled"))
	}
	statements := []string{
		`CREATE VIRTUAL TABLE people_search USING fts5(
			first_name, last_name, email, public_email, establishments,
			tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')`,
		`CREATE TRIGGER people_search_insert AFTER INSERT ON users BEGIN ` + entry("new") + ` END`,
		`CREATE TRIGGER people_search_delete AFTER DELETE ON users BEGIN
			DELETE FROM people_search WHERE rowid = CAST(old.id AS INTEGER); END`,
		`CREATE TRIGGER people_search_update AFTER UPDATE OF
			id, first_name, last_name, email, emailVisibility, role, establishments, disabled
			ON users BEGIN
			DELETE FROM people_search WHERE rowid = CAST(old.id AS INTEGER);
			` + entry("new") + ` END`,
		strings.ReplaceAll(entry("users"), "WHERE NOT", "FROM users WHERE NOT"),
	}
	for _, statement := range statements {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return fmt.Errorf("people search: %w", err)
		}
	}
	return nil
}

// staffRoles are those whose address everybody may see, as an SQL list.
var staffRoles = "'" + strings.Join(protocol.StaffRoles, "','") + "'"

// unligated spells out what remove_diacritics leaves alone: Lætitia is found by
// "laetitia" and Cœur by "coeur". messagerie.searchWords does it to the query.
func unligated(column string) string {
	return fmt.Sprintf("replace(replace(replace(replace(%s, 'œ', 'oe'), 'Œ', 'Oe'), 'æ', 'ae'), 'Æ', 'Ae')", column)
}

func dropPeopleSearch(app core.App) error {
	for _, statement := range []string{
		`DROP TRIGGER people_search_insert`,
		`DROP TRIGGER people_search_update`,
		`DROP TRIGGER people_search_delete`,
		`DROP TABLE people_search`,
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return fmt.Errorf("people search: %w", err)
		}
	}
	return nil
}
