package demo

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// datasetUser and datasetConversation are what a load generator needs to know:
//
//	{"users": [{"id": 1, "token": "…"}, …], "conversations": [{"id": 7, "participants": [1, 2]}, …]}
type datasetUser struct {
	ID    protocol.ID `json:"id"`
	Token string      `json:"token"`
}

type datasetConversation struct {
	ID           protocol.ID   `json:"id"`
	Participants []protocol.ID `json:"participants"`
}

// WriteDataset writes everybody who may log in, with a token, and all conversations
// with those people in them. Only the file's owner may read it: it opens accounts.
func WriteDataset(app core.App, path string) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("--dataset: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	if err := writeDataset(app, out); err != nil {
		return fmt.Errorf("write the dataset: %w", err)
	}
	return out.Flush()
}

func writeDataset(app core.App, out io.Writer) error {
	users, conversations := &list{out: out}, &list{out: out}
	fmt.Fprint(out, `{"users": [`)
	if err := eachUser(app, users.add); err != nil {
		return err
	}
	fmt.Fprint(out, `], "conversations": [`)
	if err := eachConversation(app, conversations.add); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "]}") // of a buffer: it also remembers what failed before
	return err
}

// list writes the elements of a JSON array, one a line.
type list struct {
	out   io.Writer
	begun bool
}

func (l *list) add(element any) error {
	line, err := json.Marshal(element)
	if err != nil {
		return err
	}
	separator := "\n"
	if l.begun {
		separator = ",\n"
	}
	l.begun = true
	_, err = fmt.Fprintf(l.out, "%s%s", separator, line)
	return err
}

func eachUser(app core.App, use func(any) error) error {
	const page = 1000
	for last := ""; ; {
		var records []*core.Record
		err := app.RecordQuery("users").AndWhere(dbx.HashExp{"disabled": false}).
			AndWhere(dbx.NewExp("id > {:last}", dbx.Params{"last": last})).OrderBy("id").Limit(page).All(&records)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, record := range records {
			token, err := record.NewAuthToken()
			if err != nil {
				return err
			}
			if err := use(datasetUser{protocol.ParseID(record.Id), token}); err != nil {
				return err
			}
		}
		last = records[len(records)-1].Id
	}
}

func eachConversation(app core.App, use func(any) error) (err error) {
	rows, err := app.ConcurrentDB().Select("p.conversation", "p.user").From("participants p").
		InnerJoin("users u", dbx.NewExp("u.id = p.user AND NOT u.disabled")).
		OrderBy("p.conversation", "p.user").Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var open datasetConversation
	for rows.Next() {
		var conversation, user string
		if err := rows.Scan(&conversation, &user); err != nil {
			return err
		}
		if id := protocol.ParseID(conversation); id != open.ID {
			if open.ID != 0 {
				if err := use(open); err != nil {
					return err
				}
			}
			open = datasetConversation{ID: id}
		}
		open.Participants = append(open.Participants, protocol.ParseID(user))
	}
	if open.ID != 0 {
		if err := use(open); err != nil {
			return err
		}
	}
	return rows.Err()
}
