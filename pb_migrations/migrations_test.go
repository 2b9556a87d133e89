package pb_migrations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"messagerie/hooks/apptest/plainapp"
	_ "messagerie/pb_migrations"
)

var collections = []string{
	"access_codes", "attachments", "classes", "closures", "contact_rules", "conversations", "departures", "email_recipients", "emails", "enrollments",
	"establishments", "guardianships", "message_edits", "messages", "participants", "pauses", "pins", "reactions", "roster_columns", "roster_imports", "roster_portions", "users",
}

// emptyApp has only PocketBase's own tables.
func emptyApp(t *testing.T) core.App {
	t.Helper()
	app := open(t, t.TempDir())
	if err := app.RunSystemMigrations(); err != nil {
		t.Fatal(err)
	}
	return app
}

func migrated(t *testing.T) core.App {
	t.Helper()
	return open(t, plainapp.DataDir(t))
}

func open(t *testing.T, dir string) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	})
	return app
}

// schema is the schema of the database as SQL, with the rules and fields of the
// collections.
func schema(t *testing.T, app core.App) string {
	t.Helper()
	var tables []string
	if err := app.DB().NewQuery(`SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema
		WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`).Column(&tables); err != nil {
		t.Fatal(err)
	}
	return strings.Join(tables, "\n")
}

func find(t *testing.T, app core.App, name string) *core.Collection {
	t.Helper()
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// admit creates a person with an address.
func admit(t *testing.T, app core.App, id int, email string) error {
	t.Helper()
	return admitWith(t, app, id, map[string]any{"email": email})
}

// admitWith creates a person with fields, whose password is hashed as cheaply as possible.
func admitWith(t *testing.T, app core.App, id int, fields map[string]any) error {
	t.Helper()
	users := find(t, app, "users")
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Cost = bcrypt.MinCost
	person := core.NewRecord(users)
	person.Id = fmt.Sprintf("%016d", id)
	person.Load(map[string]any{"last_name": "Martin", "role": "teacher", "password": "12345678"})
	person.Load(fields)
	return app.Save(person)
}

func TestMigrations_goUpDownAndUpAgain(t *testing.T) {
	app := emptyApp(t)
	before := schema(t, app)
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	applied, err := runner.Up()
	if err != nil || len(applied) != len(core.AppMigrations.Items()) {
		t.Fatalf("applied %d: %v", len(applied), err)
	}
	up := schema(t, app)
	if again, err := runner.Up(); err != nil || len(again) != 0 {
		t.Fatalf("a second start applied %v: %v", again, err)
	}
	for round := range 2 {
		// One at a time, as migrate down does; in the end it is the original schema.
		for range applied {
			if _, err := runner.Down(1); err != nil {
				t.Fatal(err)
			}
		}
		down := schema(t, app)
		for _, name := range append(collections, "people_words", "people_order") {
			if name != "users" && strings.Contains(down, "table "+name) {
				t.Errorf("%s is still there", name)
			}
		}
		if strings.Contains(down, "trigger ") {
			t.Errorf("triggers are left:\n%s", down)
		}
		if names(down) != names(before) {
			t.Errorf("down again there is\n%s\nwant\n%s", names(down), names(before))
		}
		if _, err := runner.Up(); err != nil {
			t.Fatalf("up again, round %d: %v", round, err)
		}
		if got := names(schema(t, app)); got != names(up) {
			t.Errorf("up again there is\n%s\nwant\n%s", got, names(up))
		}
	}
}

// names returns the types and names in a schema: the ids of indexes differ each time.
func names(schema string) string {
	var lines []string
	for _, line := range strings.Split(schema, "\n") {
		words := strings.Fields(line)
		if len(words) > 1 && slices.Contains([]string{"table", "index", "trigger", "view"}, words[0]) {
			lines = append(lines, words[0]+" "+words[1])
		}
	}
	return strings.Join(lines, "\n")
}

func TestMigrations_goDownWithPeopleInIt(t *testing.T) {
	app := migrated(t)
	for i, email := range []string{"a@ecole.example", "b@ecole.example"} {
		if err := admit(t, app, i+1, email); err != nil {
			t.Fatal(err)
		}
	}
	if err := admitWith(t, app, 3, map[string]any{"username": "zoe.marchand"}); err != nil {
		t.Fatal(err)
	}
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	if _, err := runner.Down(len(core.AppMigrations.Items())); err != nil {
		t.Fatal(err)
	}
	if count, err := app.CountRecords("users"); err != nil || count != 3 {
		t.Errorf("%d people are left: %v", count, err)
	}
}

func TestRules_areClosed(t *testing.T) {
	app := migrated(t)
	for _, name := range collections {
		c := find(t, app, name)
		for rule, expression := range map[string]*string{"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "delete": c.DeleteRule} {
			if expression != nil {
				t.Errorf("%s: the %s rule is %q", name, rule, *expression)
			}
		}
		if name != "users" && c.UpdateRule != nil {
			t.Errorf("%s: the update rule is %q", name, *c.UpdateRule)
		}
	}
	users := find(t, app, "users")
	if users.AuthRule == nil || *users.AuthRule != "disabled = false" || users.ManageRule != nil {
		t.Errorf("who may sign in: %v; who may manage: %v", users.AuthRule, users.ManageRule)
	}
	if users.OAuth2.Enabled || users.OTP.Enabled || users.MFA.Enabled || !users.PasswordAuth.Enabled {
		t.Error("there are other ways in than by password")
	}
}

func TestFields_haveHelpInTheDashboard(t *testing.T) {
	app := migrated(t)
	presentable := map[string][]string{
		"establishments": {"name"}, "users": {"first_name", "last_name"}, "conversations": {"title", "people", "kind"},
		"participants": {"conversation", "user"}, "departures": {"conversation", "user"}, "messages": {"sender", "content"}, "emails": {"subject"},
		"email_recipients": {"email", "address", "state"},
		"classes":          {"name", "year"}, "enrollments": {"class", "user", "role"}, "guardianships": {"guardian", "student"}, "access_codes": {"user"},
		"roster_imports": {"establishment", "state"}, "roster_portions": {"import"}, "roster_columns": {"establishment"},
		"contact_rules": {"establishment", "from_role", "to_role", "rule"}, "pauses": {"establishment", "roles"},
		"closures": {"establishment", "name", "first_day", "last_day"}, "reactions": {"message", "user", "emoji"},
		"attachments": {"name", "uploader"}, "pins": {"message", "user"}, "message_edits": {"message", "author", "content"},
	}
	helped := map[string][]string{
		"establishments": {"id", "name", "timezone", "contacts", "guardians_join", "quiet", "quiet_roles", "urgent_roles"}, "users": {"id", "role", "establishments", "locale", "disabled",
			"username", "external_source", "external_id", "ine", "birth_date", "left_at"},
		"conversations": {"title", "people", "created_by", "direct_key"}, "participants": {"last_read", "last_delivered"},
		"departures": {"user"},
		"messages":   {"content", "client_id", "reply_to", "deleted", "sender", "mentions"}, "emails": {"sender", "content"},
		"email_recipients": {"state", "next_attempt", "error", "user"},
		"classes":          {"name", "level", "year", "establishment", "archived"}, "enrollments": {"class", "user", "role"},
		"guardianships": {"guardian", "student", "legal", "relation"}, "access_codes": {"user", "hash", "expires"},
		"contact_rules": {"from_role", "to_role", "rule"}, "pauses": {"roles", "text", "from", "until"}, "closures": {"name", "first_day", "last_day"},
		"roster_imports": {"state", "created_by", "problems", "applied_at"}, "roster_portions": {"number", "steps", "journal", "applied"},
		"roster_columns": {"establishment", "headers", "columns"}, "reactions": {"message", "user", "emoji"},
		"attachments": {"name", "conversation", "uploader", "message", "position", "type", "size"},
		"pins":        {"conversation", "message", "user"}, "message_edits": {"message", "author", "content", "written", "edited_by"},
	}
	for _, name := range collections {
		c := find(t, app, name)
		var shown []string
		for _, field := range c.Fields {
			if isPresentable(field) {
				shown = append(shown, field.GetName())
			}
		}
		slices.Sort(shown)
		if want := slices.Sorted(slices.Values(presentable[name])); !slices.Equal(shown, want) {
			t.Errorf("%s is presented by %v, want %v", name, shown, want)
		}
		for _, field := range helped[name] {
			if help(c.Fields.GetByName(field)) == "" {
				t.Errorf("%s.%s has no help", name, field)
			}
		}
		id, ok := c.Fields.GetByName("id").(*core.TextField)
		if !ok || id.Min != 16 || id.Max != 16 || id.Pattern != "^[a-z0-9]+$" || id.AutogeneratePattern == "" {
			t.Errorf("%s: the id is %+v", name, id)
		}
	}
}

func isPresentable(field core.Field) bool {
	switch f := field.(type) {
	case *core.TextField:
		return f.Presentable
	case *core.SelectField:
		return f.Presentable
	case *core.RelationField:
		return f.Presentable
	case *core.EmailField:
		return f.Presentable
	case *core.BoolField:
		return f.Presentable
	case *core.EditorField:
		return f.Presentable
	}
	return false
}

func help(field core.Field) string {
	switch f := field.(type) {
	case *core.TextField:
		return f.Help
	case *core.SelectField:
		return f.Help
	case *core.RelationField:
		return f.Help
	case *core.EmailField:
		return f.Help
	case *core.BoolField:
		return f.Help
	case *core.EditorField:
		return f.Help
	case *core.DateField:
		return f.Help
	case *core.JSONField:
		return f.Help
	case *core.NumberField:
		return f.Help
	}
	return ""
}

func TestIndexes_enforceUniqueness(t *testing.T) {
	app := migrated(t)
	for name, wanted := range map[string][]string{
		"users":         {"idx_users_email", "idx_users_sign_in", "idx_users_username", "idx_users_external_id"},
		"conversations": {"idx_conversations_direct_key", "idx_conversations_created_by"},
		"participants":  {"idx_participants_conversation_user", "idx_participants_user_conversation"},
		"departures":    {"idx_departures_conversation_user", "idx_departures_user"},
		"messages":      {"idx_messages_conversation", "idx_messages_client_id"},
		"emails":        {"idx_emails_sender"}, "email_recipients": {"idx_email_recipients_due", "idx_email_recipients_user"},
		"classes": {"idx_classes_name"}, "enrollments": {"idx_enrollments_class_user", "idx_enrollments_user"},
		"guardianships": {"idx_guardianships_guardian_student", "idx_guardianships_student"}, "access_codes": {"idx_access_codes_user"},
		"reactions":      {"idx_reactions_message", "idx_reactions_user"},
		"pins":           {"idx_pins_message", "idx_pins_conversation", "idx_pins_user"},
		"message_edits":  {"idx_message_edits_message", "idx_message_edits_author"},
		"attachments":    {"idx_attachments_message", "idx_attachments_conversation", "idx_attachments_uploader", "idx_attachments_establishment"},
		"roster_imports": {"idx_roster_imports_establishment", "idx_roster_imports_created_by"}, "roster_portions": {"idx_roster_portions_number"},
	} {
		for _, index := range wanted {
			if find(t, app, name).GetIndex(index) == "" {
				t.Errorf("%s has no %s", name, index)
			}
		}
	}
}

func TestEmail_isUniqueIgnoringCase(t *testing.T) {
	app := migrated(t)
	if err := admit(t, app, 1, "Claire@ecole.example"); err != nil {
		t.Fatal(err)
	}
	for i, email := range []string{"Claire@ecole.example", "claire@ecole.example", "CLAIRE@ECOLE.EXAMPLE"} {
		if err := admit(t, app, 10+i, email); err == nil {
			t.Errorf("%s came in a second time", email)
		}
	}
	found, err := app.FindAuthRecordByEmail("users", "claire@ECOLE.example")
	if err != nil || found.Id != "0000000000000001" {
		t.Errorf("spelt otherwise she is %v: %v", found, err)
	}
}

func TestUsername_isUniqueIgnoringCaseAndNeedsNoAddress(t *testing.T) {
	app := migrated(t)
	for i, username := range []string{"zoe.marchand", "adam.benali", "", ""} { // several have neither
		if err := admitWith(t, app, i+1, map[string]any{"username": username}); err != nil {
			t.Fatalf("%q: %v", username, err)
		}
	}
	for i, username := range []string{"zoe.marchand", "ZOE.Marchand", "zo", "zoe@marchand", "zoe marchand", ".zoe"} {
		if err := admitWith(t, app, 10+i, map[string]any{"username": username}); err == nil {
			t.Errorf("%q came in", username)
		}
	}
}

func TestExternalID_isUniqueWithinItsSource(t *testing.T) {
	app := migrated(t)
	for i, source := range []string{"onde", "siecle"} {
		if err := admitWith(t, app, i+1, map[string]any{"external_source": source, "external_id": "42"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := admitWith(t, app, 3, map[string]any{"external_source": "siecle", "external_id": "42"}); err == nil {
		t.Error("two people have one identifier")
	}
}

// A database from before the rules for texts has names as they were typed, and the words
// that people were searched by then.
func TestTextRules_applyToExistingNames(t *testing.T) {
	app := emptyApp(t)
	before := core.MigrationsList{}
	for _, m := range core.AppMigrations.Items() {
		if m.File < "1790000016" {
			before.Add(m)
		}
	}
	if _, err := core.NewMigrationsRunner(app, before).Up(); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO establishments (id, name) VALUES ('0000000000000001', 'Col' || char(0x202E) || 'lège')`,
		`INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments) VALUES
			('0000000000000002', char(0x202E) || 'Claire', 'O' || char(0x2BC) || 'Brien', 'c@x.example', 'teacher', 'k', '["0000000000000001"]'),
			('0000000000000003', char(0x200B), 'ΓΙΏΡΓΟΣ', 'g@x.example', 'teacher', 'l', '["0000000000000001"]')`,
		`INSERT INTO conversations (id, kind, title, establishment) VALUES ('0000000000000004', 'group', char(0x200B), '0000000000000001')`,
		`DELETE FROM people_words`,
		`INSERT INTO people_words (establishment, source, word, user) VALUES
			('0000000000000001', 'name', 'oʼbrien', '0000000000000002'), ('0000000000000001', 'name', 'γιωργος', '0000000000000003')`,
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if err := app.RunAppMigrations(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`SELECT group_concat(name) FROM establishments`:                                                      "Collège",
		`SELECT group_concat(first_name || '|' || last_name) FROM (SELECT * FROM users ORDER BY id)`:         "Claire|OʼBrien,|ΓΙΏΡΓΟΣ",
		`SELECT group_concat(title || '|') FROM conversations`:                                               "|",
		`SELECT group_concat(word) FROM (SELECT word FROM people_words WHERE source = 'name' ORDER BY word)`: "brien,claire,o,obrien,γιωργοσ",
	} {
		var got string
		if err := app.DB().NewQuery(query).Row(&got); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", query, got, want, err)
		}
	}
}

func TestSettings_areShaped(t *testing.T) {
	app := migrated(t)
	settings := app.Settings()
	if settings.Meta.AppName != "Messagerie" {
		t.Errorf("the name is %q", settings.Meta.AppName)
	}
	if settings.Batch.Enabled {
		t.Error("batches are open")
	}
	if count, err := app.CountRecords(core.CollectionNameSuperusers); err != nil || count != 0 {
		t.Errorf("a migration made %d superusers: %v", count, err)
	}
}

func TestRateLimits_byAddressAreRemovedFromTheSettings(t *testing.T) {
	app := migrated(t)
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	if settings := app.Settings(); settings.RateLimits.Enabled || len(settings.RateLimits.Rules) > 0 {
		t.Errorf("the limits are %+v", settings.RateLimits)
	}
	// As in a school that was installed before and whose administrator has added one.
	later := 0
	for _, migration := range core.AppMigrations.Items() {
		if migration.File >= "1790000011_rate_limits.go" {
			later++
		}
	}
	if _, err := runner.Down(later); err != nil {
		t.Fatal(err)
	}
	settings := app.Settings()
	if !settings.RateLimits.Enabled || len(settings.RateLimits.Rules) != 5 {
		t.Fatalf("before they were %+v", settings.RateLimits)
	}
	settings.RateLimits.Rules = append(settings.RateLimits.Rules, core.RateLimitRule{Label: "/api/mine/", MaxRequests: 5, Duration: 5})
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if settings := app.Settings(); settings.RateLimits.Enabled || len(settings.RateLimits.Rules) != 1 {
		t.Errorf("afterwards they are %+v", settings.RateLimits)
	}
}

func TestDashboardViews_showPeopleAndLettersAsTheSchoolCallsThem(t *testing.T) {
	app := migrated(t)
	if err := admit(t, app, 1, "helene@ecole.example"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE users SET first_name = 'Hélène', last_name = 'Bénali', disabled = TRUE, left_at = '2026-07-04 00:00:00.000Z'`,
		`INSERT INTO users (id, first_name, last_name, role, tokenKey, establishments) VALUES ('0000000000000002', 'Zoë', 'Bénali', 'student', 'k', '["e"]')`,
		`INSERT INTO establishments (id, name) VALUES ('e', 'Collège')`,
		`INSERT INTO classes (id, name, year, establishment) VALUES ('c', '5e B', '2026-2027', 'e'), ('d', '6e B', '2025-2026', 'e')`,
		`UPDATE classes SET archived = (id = 'd')`,
		`INSERT INTO enrollments (id, class, user, role) VALUES ('1', 'c', '0000000000000002', 'student'), ('2', 'd', '0000000000000002', 'student')`,
		`INSERT INTO guardianships (id, guardian, student) VALUES ('1', '0000000000000001', '0000000000000002')`,
		`INSERT INTO emails (id, subject) VALUES ('1', 'Voyage')`,
		`INSERT INTO email_recipients (id, email, address, state, error) VALUES ('1', '1', 'x@ecole.example', 'failed', '550 no such user'), ('2', '1', 'y@ecole.example', 'sent', '')`,
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for statement, want := range map[string]string{
		`SELECT prenom || ' ' || etablissements || ' ' || classes || ' ' || responsables FROM annuaire WHERE recherche LIKE '%zoe%'`: "Zoë Collège 5e B Hélène Bénali",
		`SELECT enfants || ' ' || desactive FROM annuaire WHERE recherche LIKE '%benali%' AND enfants != ''`:                         "Zoë Bénali 1",
		`SELECT group_concat(prenom) FROM departs`:                                            "Hélène",
		`SELECT group_concat(adresse || objet || reponse_du_serveur) FROM courriels_en_echec`: "x@ecole.exampleVoyage550 no such user",
	} {
		var got string
		if err := app.DB().NewQuery(statement).Row(&got); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", statement, got, err, want)
		}
	}
	for _, name := range []string{"annuaire", "departs", "courriels_en_echec"} {
		if c := find(t, app, name); !c.IsView() || c.ListRule != nil || c.ViewRule != nil {
			t.Errorf("%s is open, or no view", name)
		}
	}
}
