package demo_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/demo"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

func TestPrepare_fillsASchoolOfEveryKindOfPeople(t *testing.T) {
	app := filled(t)

	if got := app.Count("establishments"); got != 2 {
		t.Errorf("%d establishments, want 2", got)
	}
	people := find(t, app, "users", all)
	if len(people) < 38 || len(people) > 48 {
		t.Errorf("%d people, want about 40", len(people))
	}
	roles, locales := map[string]int{}, map[string]int{}
	for _, p := range people {
		roles[p.GetString("role")]++
		locales[p.GetString("locale")]++
		if p.Email() != "" && !strings.HasSuffix(p.Email(), "@"+demo.Domain) {
			t.Errorf("%s could be somebody's real address", p.Email())
		}
	}
	for _, role := range protocol.Roles {
		if roles[role] == 0 {
			t.Errorf("nobody is %s", role)
		}
	}
	if locales["en"] != 1 || locales["fr"] != len(people)-1 {
		t.Errorf("locales %v, want one en and fr for the others", locales)
	}
	if name := app.Settings().Meta.AppName; !strings.Contains(name, "Jean-Moulin") {
		t.Errorf("the product calls itself %q", name)
	}
}

func TestPrepare_fillsConversationsThatShowWhatMessagesCanBe(t *testing.T) {
	app := filled(t)

	if groups := len(find(t, app, "conversations", dbx.HashExp{"kind": protocol.KindGroup})); groups < 4 {
		t.Errorf("%d groups, want at least 4", groups)
	}
	for what, where := range map[string]dbx.Expression{
		"quotes":     dbx.NewExp("reply_to != ''"),
		"an edit":    dbx.NewExp("edited != ''"),
		"a deletion": dbx.HashExp{"deleted": true},
	} {
		if len(find(t, app, "messages", where)) == 0 {
			t.Errorf("no message shows %s", what)
		}
	}
	for collection, want := range map[string]int{"reactions": 8, "pins": 1, "message_edits": 1, "conversation_events": 4} {
		if got := app.Count(collection); got < want {
			t.Errorf("%d %s, want at least %d", got, collection, want)
		}
	}
	if len(find(t, app, "messages", dbx.NewExp("mentions != ''"))) == 0 {
		t.Error("no message mentions anybody")
	}
	var longest int
	err := app.DB().NewQuery("SELECT max(n) FROM (SELECT count(*) n FROM messages GROUP BY conversation)").Row(&longest)
	if err != nil {
		t.Fatal(err)
	}
	if longest < 120 {
		t.Errorf("the longest conversation has %d messages, want at least 120: more than two pages", longest)
	}
}

func TestPrepare_datesMessagesInTheOrderOfTheirIDs(t *testing.T) {
	app := filled(t)

	newest := map[string]time.Time{}
	for _, m := range find(t, app, "messages", all) {
		made := m.GetDateTime("created").Time()
		if age := time.Since(made); age < 0 || age > 16*24*time.Hour {
			t.Errorf("%q is %v old, want at most two weeks of school", m.GetString("content"), age)
		}
		id := protocol.ParseID(m.Id)
		if first := store.IDAt(made); id < first || id >= store.IDAt(made.Add(time.Millisecond)) {
			t.Errorf("id %d isn't of the time %v", id, made)
		}
		conversation := m.GetString("conversation")
		if made.Before(newest[conversation]) {
			t.Errorf("%q is older than the message before it", m.GetString("content"))
		}
		newest[conversation] = made
	}
}

// Otherwise they wouldn't be among those who have read a message.
func TestPrepare_letsPeopleJoinBeforeTheFirstMessage(t *testing.T) {
	app := filled(t)
	late, err := app.CountRecords("participants", dbx.NewExp("EXISTS (SELECT 1 FROM messages m WHERE m.conversation = participants.conversation AND m.id < participants.id)"))
	if err != nil {
		t.Fatal(err)
	}
	if late > 0 {
		t.Errorf("%d joined later", late)
	}
}

func TestPrepare_keepsTheSchoolsApart(t *testing.T) {
	app := filled(t)

	for _, p := range find(t, app, "participants", all) {
		user := app.Find("users", protocol.ParseID(p.GetString("user")))
		conversation := app.Find("conversations", protocol.ParseID(p.GetString("conversation")))
		if !slices.Contains(user.GetStringSlice("establishments"), conversation.GetString("establishment")) {
			t.Errorf("%s takes part in a conversation of another school", user.Email())
		}
	}
	claire := personOf(t, app, demo.Logins()[0].Email)
	found, err := app.People.Search(claire, claire.Establishments[0], "chatelain")
	if err != nil || len(found) != 0 {
		t.Errorf("the college finds %v (%v), who is of the other school", found, err)
	}
}

func TestLogins_areAccepted(t *testing.T) {
	app := filled(t)

	roles := map[string]bool{}
	for _, login := range demo.Logins() {
		var session struct {
			Token  string
			Record struct{ Role string }
		}
		app.Do("", http.MethodPost, "/api/collections/users/auth-with-password",
			map[string]string{"identity": login.Email, "password": demo.Password}).OK(http.StatusOK).Into(&session)
		app.Do(session.Token, http.MethodGet, "/api/messagerie/me/", nil).OK(http.StatusOK)
		roles[session.Record.Role] = true
	}
	if len(roles) != 4 {
		t.Errorf("the logins are of the kinds %v, want four", roles)
	}
	app.Do("", http.MethodPost, "/api/collections/_superusers/auth-with-password",
		map[string]string{"identity": demo.Superuser, "password": demo.Password}).OK(http.StatusOK)
}

func TestConversations_ofTheDemoAreSortedAndCounted(t *testing.T) {
	app := filled(t)

	for _, login := range demo.Logins() {
		me := personOf(t, app, login.Email)
		page, err := app.Conversations.Conversations(me, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		list := page.Conversations
		if len(list) < 4 {
			t.Errorf("%s has %d conversations, want at least 4", login.Email, len(list))
		}
		if !slices.IsSortedFunc(list, func(a, b protocol.Conversation) int { return strings.Compare(b.UpdatedAt, a.UpdatedAt) }) {
			t.Errorf("the conversations of %s aren't sorted by their last message", login.Email)
		}
		unread := 0
		for _, c := range list {
			if want := unreadOf(t, app, me.ID, c); c.UnreadCount != want {
				t.Errorf("%s has %d unread in %q, want %d", login.Email, c.UnreadCount, c.Title, want)
			}
			unread += c.UnreadCount
		}
		if unread == 0 || unread > 10 {
			t.Errorf("%s comes back to %d unread messages, want a few", login.Email, unread)
		}
	}
}

// unreadOf counts by hand, and makes sure that nobody has left unread what stands
// above one's own message.
func unreadOf(t *testing.T, app *apptest.App, me protocol.ID, c protocol.Conversation) int {
	t.Helper()
	at := slices.IndexFunc(c.Receipts, func(r protocol.Receipt) bool { return r.UserID == me })
	marker := c.Receipts[at]
	if marker.LastDelivered < marker.LastRead {
		t.Errorf("%d has read what wasn't delivered in %q", me, c.Title)
	}
	unread := 0
	for _, m := range find(t, app, "messages", dbx.HashExp{"conversation": c.ConversationID.RecordID()}) {
		if m.Id <= marker.LastRead.RecordID() || m.GetBool("deleted") {
			continue
		}
		if m.GetString("sender") == me.RecordID() {
			t.Errorf("%d wrote in %q without having read it", me, c.Title)
			continue
		}
		unread++
	}
	return unread
}

func TestPrepare_keepsWhatWasWrittenSince(t *testing.T) {
	app := filled(t)
	claire := personOf(t, app, demo.Logins()[0].Email)
	page, err := app.Conversations.Conversations(claire, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	conversation := page.Conversations[0].ConversationID
	if _, _, err := app.Conversations.SendMessage(messagerie.NewMessage{
		Conversation: conversation, Sender: claire.ID, Content: "Un mot de plus"}); err != nil {
		t.Fatal(err)
	}
	app.Stop()

	again := apptest.Open(t, app.Dir)
	before := contents(t, again)
	if err := demo.Prepare(again.App, time.Now()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(before, "Un mot de plus") || contents(t, again) != before {
		t.Error("a second start changed what was written")
	}
}

func TestPrepare_refusesARealSchoolAndLeavesItAlone(t *testing.T) {
	for name, build := range map[string]func(*apptest.App){
		"with people": func(app *apptest.App) {
			app.Person(app.Establishment("Collège Voltaire"), protocol.RoleTeacher, "Anne", "Roux")
		},
		"with messages": func(app *apptest.App) {
			school := app.Establishment("Collège Voltaire")
			anne := app.Person(school, protocol.RoleTeacher, "Anne", "Roux")
			marc := app.Person(school, protocol.RoleParent, "Marc", "Petit")
			app.Says(anne, app.Conversation(anne, marc), "Bonjour")
		},
		"with an establishment": func(app *apptest.App) { app.Establishment("Collège Voltaire") },
		"with a superuser":      func(app *apptest.App) { app.Superuser() },
	} {
		t.Run(name, func(t *testing.T) {
			app := apptest.New(t)
			build(app)
			before := contents(t, app)

			err := demo.Prepare(app.App, time.Now())
			if !errors.Is(err, demo.ErrRealSchool) || !strings.Contains(err.Error(), app.Dir) {
				t.Errorf("prepare: %v, want a refusal that names the directory", err)
			}
			if contents(t, app) != before {
				t.Error("the real school was changed")
			}
		})
	}
}

func TestPrepare_doesNotEvenMigrateARealSchool(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: store.Connect})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	})
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(superusers)
	record.SetEmail("admin@ecole.example")
	record.SetPassword(apptest.Password)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}

	if err := demo.Prepare(app, time.Now()); !errors.Is(err, demo.ErrRealSchool) {
		t.Errorf("prepare: %v, want a refusal", err)
	}
	if app.HasTable("messages") {
		t.Error("the real school was migrated")
	}
}

func TestPrepare_ignoresTheSuperuserOfPocketBasesInstaller(t *testing.T) {
	app := apptest.New(t)
	app.Create(core.CollectionNameSuperusers, map[string]any{
		"email": core.DefaultInstallerEmail, "password": apptest.Password})

	if err := demo.Prepare(app.App, time.Now()); err != nil {
		t.Error(err)
	}
}

func TestPrepare_startsAfreshAfterAFillingThatFailedHalfWay(t *testing.T) {
	app := apptest.New(t)
	name := app.Settings().Meta.AppName
	before := contents(t, app)
	saved := 0
	crash := app.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error {
		if saved++; saved == 50 {
			return errors.New("power cut")
		}
		return e.Next()
	})

	if err := demo.Prepare(app.App, time.Now()); err == nil {
		t.Fatal("the filling didn't fail")
	}
	if contents(t, app) != before || app.Settings().Meta.AppName != name {
		t.Error("half a school was left behind")
	}
	app.OnRecordCreate("messages").Unbind(crash)
	if err := demo.Prepare(app.App, time.Now()); err != nil {
		t.Fatal("second start:", err)
	}
	if app.Count("messages") < 120 {
		t.Error("the second start didn't fill the school")
	}
}

// The demo shows a school with contact rules, which its conversations obey; but for that of two pupils,
// which is from before and shows what becomes of such a conversation.
func TestPrepare_fillsConversationsInWhichPeopleMayWrite(t *testing.T) {
	const ofPupils = 16
	app := filled(t)
	for _, participant := range find(t, app, "participants", all) {
		conversation, user := protocol.ParseID(participant.GetString("conversation")), protocol.ParseID(participant.GetString("user"))
		person, err := app.FindRecordById("users", user.RecordID())
		if err != nil {
			t.Fatal(err)
		}
		err = app.Conversations.MayWrite(conversation, user)
		if conversation == ofPupils {
			if !errors.Is(err, messagerie.ErrContactNotAllowed) {
				t.Errorf("two pupils may write to each other: %v", err)
			}
			continue
		}
		if err != nil && !errors.Is(err, messagerie.ErrRecipientGone) && !errors.Is(err, messagerie.ErrNotParticipant) {
			t.Errorf("conversation %d, %s: %v", conversation, person.GetString("last_name"), err)
		}
	}
}
