package search

import (
	"fmt"
	"io"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// Command is `messagerie reindex`. It needs the data directory for itself.
func Command(app core.App, service *Service) *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Rebuild the index by which messages are found",
		Long: "Deletes search.db and makes it again from the messages. The server does this by itself when the file\n" +
			"is missing or damaged, in the background. The server mustn't be running.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := app.RunAllMigrations(); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}
			return service.report(c.OutOrStdout())
		},
	}
}

// reportEvery is how often a line is printed.
const reportEvery = 5 * time.Second

func (s *Service) report(out io.Writer) error {
	total, err := s.app.CountRecords("messages")
	if err != nil {
		return fmt.Errorf("count messages: %w", err)
	}
	shown := s.now()
	rebuilt, err := s.Rebuild(func(done int) {
		if now := s.now(); now.Sub(shown) >= reportEvery {
			shown = now
			fmt.Fprintf(out, "%d messages lus sur %d (%d %%)\n", done, total, 100*int64(done)/max(total, 1))
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d messages lus ; %s occupe %.1f Mo.\n", rebuilt.Messages, indexFile, float64(rebuilt.Bytes)/1e6)
	return nil
}

// Rebuilt is what Rebuild has done.
type Rebuilt struct {
	Messages int   // read, the deleted ones as well
	Bytes    int64 // of the index
}

// Rebuild makes the index anew while the server isn't running. progress is called with how many messages were read so far.
func (s *Service) Rebuild(progress func(done int)) (done Rebuilt, err error) {
	if err := removeIndex(s.path()); err != nil {
		return done, err
	}
	w := newWorker(s)
	w.portion = rebuildPortion
	if err := w.open(); err != nil {
		return done, err
	}
	defer w.end()
	for {
		added, err := w.addNew()
		if err != nil {
			return done, err
		}
		if added == 0 {
			break
		}
		done.Messages += added
		progress(done.Messages)
	}
	w.merging = beginsMerging
	for more := true; more; {
		if more, err = w.mergeSome(); err != nil {
			return done, err
		}
	}
	if err := w.index.checkpoint(); err != nil {
		return done, err
	}
	done.Bytes = w.index.size()
	return done, nil
}
