package pb_migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	_ "messagerie/hooks/words"
)

func init() {
	migrations.Register(addWordsRole, dropWordsRole)
}

// addWordsRole puts the role of a person beside their words: a search among those with whom somebody
// may begin a conversation skips everybody else without looking them up.
func addWordsRole(app core.App) error {
	return execute(app, "role of people words", append([]string{
		`DROP TRIGGER people_words_insert`,
		`DROP TRIGGER people_words_update`,
		`ALTER TABLE people_words ADD COLUMN role TEXT NOT NULL DEFAULT ''`,
		`UPDATE people_words SET role = coalesce((SELECT role FROM users WHERE users.id = people_words.user), '')`,
	}, wordTriggers(wordsWithRole("new"))...))
}

// wordsWithRole is wordsOf with the role.
func wordsWithRole(row string) string {
	return strings.NewReplacer(
		"people_words (establishment, source, word, user)", "people_words (establishment, source, word, user, role)",
		"word.value, "+row+".id", "word.value, "+row+".id, "+row+".role",
	).Replace(wordsOf(row))
}

// wordTriggers maintain people_words with a statement that writes the words of a new row of users.
func wordTriggers(write string) []string {
	return []string{
		`CREATE TRIGGER people_words_insert AFTER INSERT ON users BEGIN ` + write + `; END`,
		`CREATE TRIGGER people_words_update AFTER UPDATE OF
			id, first_name, last_name, email, emailVisibility, role, establishments, disabled
			ON users BEGIN
			DELETE FROM people_words WHERE user = old.id;
			` + write + `; END`,
	}
}

func dropWordsRole(app core.App) error {
	return execute(app, "role of people words", append([]string{
		`DROP TRIGGER people_words_insert`,
		`DROP TRIGGER people_words_update`,
		`ALTER TABLE people_words DROP COLUMN role`,
	}, wordTriggers(wordsOf("new"))...))
}
