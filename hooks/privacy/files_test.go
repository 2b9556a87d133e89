package privacy_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/attachments"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
	schools "messagerie/hooks/school"
)

// sendFile uploads a file and sends it without a text.
func sendFile(t *testing.T, app *apptest.App, by apptest.Person, conversation protocol.ID, name, content string) protocol.Attachment {
	t.Helper()
	file, err := app.Files.Store(context.Background(), attachments.Upload{
		Caller: schools.PersonOf(by.Record), Conversation: conversation, Name: name, Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = app.Conversations.SendMessage(messagerie.NewMessage{Conversation: conversation, Sender: by.ID, Attachments: []protocol.ID{file.ID}})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestExport_hasThePersonsFiles(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("Collège")
	claire, zoe := app.Person(school, protocol.RoleTeacher, "Claire", "Martin"), app.Person(school, protocol.RoleStudent, "Zoë", "Marchand")
	conversation := app.Conversation(claire, zoe)
	own := sendFile(t, app, zoe, conversation, "exposé.txt", "La photosynthèse")
	sendFile(t, app, claire, conversation, "corrigé.txt", "Très bien")
	folder := filepath.Join(t.TempDir(), "files")
	if count, err := privacy.WriteFiles(app.App, zoe.ID, folder); err != nil || count != 1 {
		t.Errorf("%d files (%v)", count, err)
	}
	written, err := os.ReadFile(filepath.Join(folder, own.ID.String()+" exposé.txt"))
	if err != nil || string(written) != "La photosynthèse" {
		t.Errorf("%q (%v)", written, err)
	}
	_, page := collected(t, app, zoe.ID)
	if !strings.Contains(page, "exposé.txt") || !strings.Contains(page, "Fichiers envoyés") || strings.Contains(page, "corrigé") {
		t.Errorf("the page doesn't name the file, or names another: %s", page)
	}
}

func TestErase_takesFilesWhateverIsKept(t *testing.T) {
	for _, keeps := range []string{"keep", "remove"} {
		s := newSchool(t, monthsAgo(4))
		s.change(s.leaver, object{"disabled": false, "left_at": ""})
		sendFile(t, s.App, s.leaver, s.conversation, "exposé.txt", "La photosynthèse")
		kept := sendFile(t, s.App, s.claire, s.conversation, "corrigé.txt", "Très bien")
		s.change(s.leaver, object{"disabled": true, "left_at": monthsAgo(4)})
		if n := s.erase(t, config.Retention{LeaversMonths: 3, LeaversMessages: keeps}); n != 1 {
			t.Errorf("erased %d people", n)
		}
		if s.Count("attachments") != 1 || s.Find("attachments", kept.ID) == nil {
			t.Errorf("%s: %d files are left", keeps, s.Count("attachments"))
		}
		empty, err := s.CountRecords("messages", dbx.NewExp("content = '' AND deleted = FALSE AND id NOT IN (SELECT message FROM attachments)"))
		if err != nil || empty != 0 {
			t.Errorf("%s: %d messages say nothing (%v)", keeps, empty, err)
		}
	}
}
