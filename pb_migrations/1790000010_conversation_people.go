package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(nameDirectConversations, unnameDirectConversations)
}

// nameDirectConversations maintains conversations.people, which names direct
// conversations in the dashboard, also beside their messages and participants. Nothing
// else reads it: clients get the participants themselves.
func nameDirectConversations(app core.App) error {
	const write = `UPDATE conversations SET people = coalesce((
			SELECT group_concat(trim(u.first_name || ' ' || u.last_name), ' – ' ORDER BY p.id)
			FROM participants p JOIN users u ON u.id = p.user
			WHERE p.conversation = conversations.id), '')
		WHERE kind = 'direct' AND `
	return execute(app, "names of direct conversations", []string{
		`CREATE TRIGGER conversation_people_join AFTER INSERT ON participants BEGIN
			` + write + `id = new.conversation; END`,
		`CREATE TRIGGER conversation_people_leave AFTER DELETE ON participants BEGIN
			` + write + `id = old.conversation; END`,
		`CREATE TRIGGER conversation_people_name AFTER UPDATE OF first_name, last_name ON users BEGIN
			` + write + `id IN (SELECT conversation FROM participants WHERE user = new.id); END`,
		write + `TRUE`,
	})
}

func unnameDirectConversations(app core.App) error {
	return execute(app, "names of direct conversations", []string{
		`DROP TRIGGER conversation_people_join`,
		`DROP TRIGGER conversation_people_leave`,
		`DROP TRIGGER conversation_people_name`,
	})
}
