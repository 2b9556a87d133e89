package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
	_ "messagerie/hooks/words"
)

func init() {
	migrations.Register(createPeopleWords, dropPeopleWords)
}

// createPeopleWords creates the index that finds people by a prefix of any word of
// their names and address. It isn't a collection: triggers maintain it, so that it is
// right however a person is saved. It is sorted so that a search scans one range;
// SQLite's full-text index (FTS5) has to collect and rank everybody who matches first.
//
// The words are split by search_words, a function of hooks/words. A word of an
// address that everybody may see has the source public_email, so that searching
// can't reveal a hidden one. A disabled person has no words.
func createPeopleWords(app core.App) error {
	statements := []string{
		`CREATE TABLE people_words (
			establishment TEXT NOT NULL,
			source TEXT NOT NULL CHECK (source IN ('name', 'public_email', 'email')),
			word TEXT NOT NULL,
			user TEXT NOT NULL,
			PRIMARY KEY (establishment, source, word, user)
		) WITHOUT ROWID`,
		`CREATE INDEX idx_people_words_user ON people_words (user, word)`,
		`CREATE TRIGGER people_words_insert AFTER INSERT ON users BEGIN ` + wordsOf("new") + `; END`,
		`CREATE TRIGGER people_words_delete AFTER DELETE ON users BEGIN
			DELETE FROM people_words WHERE user = old.id; END`,
		`CREATE TRIGGER people_words_update AFTER UPDATE OF
			id, first_name, last_name, email, emailVisibility, role, establishments, disabled
			ON users BEGIN
			DELETE FROM people_words WHERE user = old.id;
			` + wordsOf("new") + `; END`,
		allWords(),
	}
	return execute(app, "people words", statements)
}

// wordsOf writes the words of a row of users.
func wordsOf(row string) string {
	staff := "'" + strings.Join(protocol.StaffRoles, "','") + "'"
	return strings.ReplaceAll(fmt.Sprintf(`INSERT OR IGNORE INTO people_words (establishment, source, word, user)
		SELECT school.value, text.key, word.value, ROW.id
		FROM json_each(CASE WHEN json_valid(ROW.establishments) THEN ROW.establishments ELSE '[]' END) AS school,
			json_each(json_object(
				'name', ROW.first_name || ' ' || ROW.last_name,
				CASE WHEN ROW.emailVisibility OR ROW.role IN (%s) THEN 'public_email' ELSE 'email' END, ROW.email
			)) AS text,
			json_each(search_words(text.value)) AS word
		WHERE NOT ROW.disabled`, staff), "ROW", row)
}

// allWords writes the words of everybody.
func allWords() string { return strings.Replace(wordsOf("users"), "FROM ", "FROM users, ", 1) }

func dropPeopleWords(app core.App) error {
	return execute(app, "people words", []string{
		`DROP TRIGGER people_words_insert`,
		`DROP TRIGGER people_words_update`,
		`DROP TRIGGER people_words_delete`,
		`DROP TABLE people_words`,
	})
}
