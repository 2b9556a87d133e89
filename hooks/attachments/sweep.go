package attachments

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// unsentFor is how long a file is kept that no message carries.
const unsentFor = 24 * time.Hour

// Bind schedules the removal of what isn't used. If the server is down, the next time catches up.
func (s *Service) Bind() {
	s.app.Cron().MustAdd("removeUnsentFiles", "41 * * * *", func() {
		if !s.conversations.Leads() {
			return
		}
		if _, err := s.conversations.RemoveUnsent(time.Now().Add(-unsentFor)); err != nil {
			s.app.Logger().Error("remove unsent files", "error", err)
		}
	})
	s.app.Cron().MustAdd("removeLostFiles", "53 2 * * *", func() {
		if !s.conversations.Leads() {
			return
		}
		if _, err := s.RemoveLost(time.Now().Add(-unsentFor)); err != nil {
			s.app.Logger().Error("remove lost files", "error", err)
		}
	})
}

// RemoveLost removes the folders of records that don't exist, because the server was killed between a file and its
// record, or between a record and its file. Folders whose ids were drawn after a time stay. It returns how many it
// has removed.
func (s *Service) RemoveLost(before time.Time) (removed int, err error) {
	collection, err := s.app.FindCachedCollectionByNameOrId("attachments")
	if err != nil {
		return 0, err
	}
	files, err := s.app.NewFilesystem()
	if err != nil {
		return 0, err
	}
	defer func() { _ = files.Close() }()
	all := collection.BaseFilesPath() + "/"
	objects, err := files.List(all)
	if err != nil {
		return 0, fmt.Errorf("list files: %w", err)
	}
	lost := map[string]bool{}
	for _, object := range objects {
		folder, _, _ := strings.Cut(strings.TrimPrefix(object.Key, all), "/")
		if id := protocol.ParseID(folder); id != 0 && id.RecordID() == folder && id < store.IDAt(before) {
			lost[folder] = true
		}
	}
	if err := s.keepKnown(lost); err != nil {
		return 0, err
	}
	for folder := range lost {
		if failed := files.DeletePrefix(all + folder + "/"); len(failed) > 0 {
			err = errors.Join(err, fmt.Errorf("remove lost file %s: %w", folder, errors.Join(failed...)))
			continue
		}
		removed++
	}
	return removed, err
}

// keepKnown takes those out of a set of ids that have a record.
func (s *Service) keepKnown(ids map[string]bool) error {
	const page = 1000
	for after := ""; len(ids) > 0; {
		var known []string
		err := s.app.ConcurrentDB().Select("id").From("attachments").Where(dbx.NewExp("id > {:after}", dbx.Params{"after": after})).
			OrderBy("id").Limit(page).Column(&known)
		if err != nil {
			return fmt.Errorf("list attachments: %w", err)
		}
		for _, id := range known {
			delete(ids, id)
		}
		if len(known) < page {
			return nil
		}
		after = known[len(known)-1]
	}
	return nil
}
