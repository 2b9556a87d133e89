package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// bindAuthors keeps what people wrote when their account is deleted: their messages lose the
// sender. PocketBase would do that as well, but searches the whole table for them.
func (s *Service) bindAuthors() {
	s.app.OnRecordDeleteExecute("users").BindFunc(func(e *core.RecordEvent) error {
		outside := e.App
		defer func() { e.App = outside }()
		return outside.RunInTransaction(func(tx core.App) error {
			if err := forgetAuthor(tx, e.Record.Id); err != nil {
				return fmt.Errorf("keep the messages of %s: %w", e.Record.Id, err)
			}
			e.App = withoutSenders{tx}
			return e.Next()
		})
	})
}

// authoredPage is how many messages are read at a time.
const authoredPage = 1000

// forgetAuthor unsets the sender of all messages of a person.
func forgetAuthor(tx core.App, person string) error {
	var conversations []string
	err := tx.DB().Select("conversation").From("message_authors").Where(dbx.HashExp{"sender": person}).Column(&conversations)
	if err != nil {
		return err
	}
	for _, conversation := range conversations {
		if err := forgetAuthorIn(tx, conversation, person); err != nil {
			return err
		}
	}
	return nil
}

func forgetAuthorIn(tx core.App, conversation, person string) error {
	for {
		var page []*core.Record
		err := tx.RecordQuery("messages").AndWhere(dbx.HashExp{"conversation": conversation, "sender": person}).
			OrderBy("id").Limit(authoredPage).All(&page)
		if err != nil {
			return err
		}
		for _, message := range page {
			message.Set("sender", "")
			if err := tx.SaveNoValidate(message); err != nil { // as PocketBase does it
				return err
			}
		}
		if len(page) < authoredPage {
			return nil
		}
	}
}

// withoutSenders is an app in which no message refers to its sender: what PocketBase asks for
// when it deletes a person, after forgetAuthor.
type withoutSenders struct{ core.App }

// FindCachedCollectionReferences implements core.App.
func (a withoutSenders) FindCachedCollectionReferences(to *core.Collection, excluded ...string) (map[*core.Collection][]core.Field, error) {
	references, err := a.App.FindCachedCollectionReferences(to, excluded...)
	for from, fields := range references {
		if from.Name == "messages" {
			references[from] = slices.DeleteFunc(fields, func(f core.Field) bool { return f.GetName() == "sender" })
		}
	}
	return references, err
}
