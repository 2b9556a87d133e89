package search_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"messagerie/hooks/config"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
	"messagerie/hooks/search"
)

// A crash leaves an index from before, which doesn't know that it is old.
func TestIndex_catchesUpAfterACrash(t *testing.T) {
	p := newPair(t)
	kept := p.Says(p.claire, p.conversation, "réunion lundi").ID
	edited := p.Says(p.claire, p.conversation, "réunion mardi").ID
	deleted := p.Says(p.claire, p.conversation, "réunion mercredi").ID
	removed := p.Says(p.claire, p.conversation, "réunion jeudi").ID
	expect(t, p.App, p.jerome, "reunion", removed, deleted, edited, kept)

	before := t.TempDir()
	copyIndex(t, p.Dir, before)
	p.edit(t, edited, "conseil mardi")
	if err := p.Conversations.DeleteMessage(p.claire.ID, p.conversation, deleted); err != nil {
		t.Fatal(err)
	}
	p.Remove("messages", removed)
	later := p.Says(p.claire, p.conversation, "réunion vendredi").ID
	p.restart(t, func(dir string) { copyIndex(t, before, dir) })

	expect(t, p.App, p.jerome, "reunion", later, kept)
	expect(t, p.App, p.jerome, "conseil", edited)
	var rows int
	if err := indexed(t, p.Dir).QueryRow("SELECT count(*) FROM messages WHERE rowid IN (?, ?)", deleted, removed).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d messages that are gone are in the index (%v)", rows, err)
	}
}

// A clean stop needs no comparison, so what nobody announced stays as it was.
func TestIndex_isTrustedAfterACleanStop(t *testing.T) {
	p := newPair(t)
	sent := p.Says(p.claire, p.conversation, "réunion").ID
	expect(t, p.App, p.claire, "reunion", sent)
	p.restart(t, func(dir string) { execute(t, indexed(t, dir), "DELETE FROM messages WHERE rowid = ?", sent) })
	expect(t, p.App, p.claire, "reunion")
	p.restart(t, func(dir string) { execute(t, indexed(t, dir), "UPDATE state SET clean = FALSE") })
	expect(t, p.App, p.claire, "reunion", sent)
}

func TestIndex_isMadeAnewIfItIsDamagedOrGone(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"gone":    func(t *testing.T, dir string) { removeFile(t, dir) },
		"garbage": func(t *testing.T, dir string) { overwrite(t, dir, []byte(strings.Repeat("no database ", 1000))) },
		"another format": func(t *testing.T, dir string) {
			execute(t, indexed(t, dir), "UPDATE state SET format = 0; DELETE FROM messages")
		},
		"without its tables": func(t *testing.T, dir string) { execute(t, indexed(t, dir), "DROP TABLE state") },
		"of newer messages": func(t *testing.T, dir string) {
			execute(t, indexed(t, dir), "UPDATE state SET newest = ?; DELETE FROM messages", protocol.MaxID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			sent := p.Says(p.claire, p.conversation, "réunion").ID
			expect(t, p.App, p.claire, "reunion", sent)
			p.restart(t, func(dir string) { damage(t, dir) })
			expect(t, p.App, p.claire, "reunion", sent)
		})
	}
}

func removeFile(t *testing.T, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "search.db")); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, dir string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "search.db"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The newest message that an index knows may be removed: it is still the index of these messages.
func TestIndex_survivesTheRemovalOfItsNewestMessage(t *testing.T) {
	p := newPair(t)
	first := p.Says(p.claire, p.conversation, "réunion").ID
	last := p.Says(p.claire, p.conversation, "réunion").ID
	expect(t, p.App, p.claire, "reunion", last, first)
	p.Remove("messages", last)
	expect(t, p.App, p.claire, "reunion", first)
	p.restart(t, func(dir string) { execute(t, indexed(t, dir), "DELETE FROM messages WHERE rowid = ?", first) })
	expect(t, p.App, p.claire, "reunion") // else it was made anew
}

// A message with an id that an import has chosen comes before those that are indexed already.
func TestIndex_hasMessagesWithChosenIds(t *testing.T) {
	p := newPair(t)
	sent := p.Says(p.claire, p.conversation, "réunion").ID
	expect(t, p.App, p.claire, "reunion", sent)
	p.Create("messages", map[string]any{"id": protocol.ID(123).RecordID(), "conversation": p.conversation.RecordID(), "sender": p.claire.ID.RecordID(), "content": "réunion"})
	expect(t, p.App, p.claire, "reunion", sent, 123)
}

func TestIndex_isNotInBackups(t *testing.T) {
	p := newPair(t)
	sent := p.Says(p.claire, p.conversation, "réunion").ID
	expect(t, p.App, p.claire, "reunion", sent)
	if err := p.CreateBackup(t.Context(), "school.zip"); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(p.Dir, "backups", "school.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	hasData := false
	for _, file := range archive.File {
		hasData = hasData || file.Name == "data.db"
		if strings.HasPrefix(file.Name, "search.db") {
			t.Errorf("the backup has %s", file.Name)
		}
	}
	if !hasData {
		t.Error("the backup has no data.db")
	}
}

// What an erased person wrote leaves the index, and after the next merge the file.
func TestErase_takesTheWordsOutOfTheIndex(t *testing.T) {
	p := newPair(t)
	p.Says(p.jerome, p.conversation, "zygomatique")
	kept := p.Says(p.claire, p.conversation, "zygote").ID
	app := p.App
	app.Search.CatchUp()
	app.Change("users", p.jerome.ID, map[string]any{"disabled": true, "left_at": "2020-01-01 00:00:00.000Z"})
	count, err := privacy.NewEraser(app.App, app.Records, config.Retention{LeaversMonths: 1, LeaversMessages: "remove"}).EraseDue()
	if err != nil || count != 1 {
		t.Fatal(count, err)
	}
	expect(t, app, p.claire, "zyg", kept)
	app.Stop()
	if !contains(t, app.Dir, "matique") {
		t.Error("the word isn't only crossed out: this test shows nothing")
	}
	if err := search.MergeIndex(app.Dir); err != nil {
		t.Fatal(err)
	}
	if contains(t, app.Dir, "matique") {
		t.Error("the word is still in the file")
	}
}

// contains looks for a text in the file of the index, without what it has freed.
func contains(t *testing.T, dir, text string) bool {
	t.Helper()
	execute(t, indexed(t, dir), "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
	data, err := os.ReadFile(filepath.Join(dir, "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte(text))
}
