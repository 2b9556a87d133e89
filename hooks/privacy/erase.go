package privacy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/config"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Eraser erases people some time after they have left: the account with its address, and letters
// that were never sent. What they wrote stays without a name, or goes, as the school has chosen.
type Eraser struct {
	app       core.App
	store     *store.Store
	retention config.Retention
	now       func() time.Time
}

// NewEraser creates the eraser of an app that needn't be bootstrapped yet.
func NewEraser(app core.App, st *store.Store, retention config.Retention) *Eraser {
	return &Eraser{app: app, store: st, retention: retention, now: time.Now}
}

// Bind schedules the nightly erasure. If the server is down one night, the next one catches up.
func (e *Eraser) Bind() {
	e.app.Cron().MustAdd("eraseLeavers", "23 2 * * *", func() {
		if !e.store.Leads() {
			return
		}
		if _, err := e.EraseDue(); err != nil {
			e.app.Logger().Error("erase people who have left", "error", err)
		}
	})
}

// Due returns the people who will be erased the next night, in the order in which they left. Anybody
// whose account is enabled again has come back.
func (e *Eraser) Due() ([]*core.Record, error) {
	if e.retention.LeaversMonths == 0 {
		return nil, nil
	}
	before, err := types.ParseDateTime(e.now().AddDate(0, -e.retention.LeaversMonths, 0))
	if err != nil {
		return nil, err
	}
	var due []*core.Record
	err = e.app.RecordQuery("users").AndWhere(isLeaver).
		AndWhere(dbx.NewExp("[[left_at]] < {:before}", dbx.Params{"before": before.String()})).OrderBy("left_at", "id").All(&due)
	if err != nil {
		return nil, fmt.Errorf("find people who have left: %w", err)
	}
	return due, nil
}

var isLeaver = dbx.NewExp("[[left_at]] != '' AND [[disabled]]")

// EraseDue erases everybody who is due, each in a transaction of their own, and returns how many
// they were. Each is logged, by their number alone.
func (e *Eraser) EraseDue() (erased int, err error) {
	due, err := e.Due()
	if err != nil {
		return 0, err
	}
	for _, person := range due {
		if err := e.erase(person.Id); err != nil {
			return erased, fmt.Errorf("erase %s: %w", person.Id, err)
		}
		erased++
		e.app.Logger().Info("A person who had left was erased.", "user", person.Id, "left_at", person.GetString("left_at"))
	}
	return erased, nil
}

// portion is how many messages are deleted in one transaction, so that others get in between.
const portion = 50

func (e *Eraser) erase(person string) error {
	for e.retention.RemovesMessages() {
		count, err := e.deleteMessages(person)
		if err != nil {
			return err
		}
		if count < portion {
			break
		}
	}
	for {
		count, err := e.deleteFiles(person)
		if err != nil {
			return err
		}
		if count < portion {
			break
		}
	}
	return e.store.Transaction(func(tx core.App) error {
		record, err := stillLeaving(tx, person)
		if record == nil || err != nil {
			return err
		}
		if err := deleteAll(tx, "email_recipients", dbx.HashExp{"user": person}); err != nil {
			return err
		}
		unsent := dbx.NewExp("[[state]] = 'queued' AND [[email]] IN (SELECT id FROM emails WHERE sender = {:person})", dbx.Params{"person": person})
		if err := deleteAll(tx, "email_recipients", unsent); err != nil {
			return err
		}
		return tx.DeleteWithContext(school.Erasing(context.Background()), record)
	})
}

// stillLeaving returns the account, nil if it is gone or was opened again meanwhile.
func stillLeaving(tx core.App, person string) (*core.Record, error) {
	record := &core.Record{}
	err := tx.RecordQuery("users").AndWhere(dbx.HashExp{"id": person}).AndWhere(isLeaver).One(record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

// deleteMessages deletes a portion of what a person wrote, which leaves the traces that every
// deletion leaves, and returns how many messages that were.
func (e *Eraser) deleteMessages(person string) (count int, err error) {
	err = e.store.Transaction(func(tx core.App) error {
		if record, err := stillLeaving(tx, person); record == nil || err != nil {
			return err
		}
		var messages []*core.Record
		err := tx.RecordQuery("messages").AndWhere(dbx.HashExp{"sender": person, "deleted": false}).
			AndWhere(inAuthored(person)).Limit(portion).All(&messages)
		if err != nil {
			return err
		}
		for _, message := range messages {
			message.Set("deleted", true)
			if err := tx.Save(message); err != nil {
				return err
			}
		}
		count = len(messages)
		return nil
	})
	return count, err
}

// deleteFiles deletes a portion of the files that a person has sent, and returns how many they were: whatever the
// school keeps of what was written, files may show or name their author in ways that nobody can take out.
func (e *Eraser) deleteFiles(person string) (count int, err error) {
	err = e.store.Transaction(func(tx core.App) error {
		if record, err := stillLeaving(tx, person); record == nil || err != nil {
			return err
		}
		var files []*core.Record
		if err := tx.RecordQuery("attachments").AndWhere(dbx.HashExp{"uploader": person}).Limit(portion).All(&files); err != nil {
			return err
		}
		for _, file := range files {
			if err := tx.Delete(file); err != nil {
				return err
			}
		}
		count = len(files)
		return nil
	})
	return count, err
}

func deleteAll(tx core.App, collection string, which dbx.Expression) error {
	var records []*core.Record
	if err := tx.RecordQuery(collection).AndWhere(which).All(&records); err != nil {
		return err
	}
	for _, record := range records {
		if err := tx.Delete(record); err != nil {
			return err
		}
	}
	return nil
}
