// Package demo fills an empty data directory with a small believable French school
// and serves it: `messagerie demo`.
package demo

import (
	"errors"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"

	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
)

// Command is `messagerie demo`.
func Command(app *pocketbase.PocketBase, people *messagerie.Service, cfg config.Config) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Fill an empty data directory with a small school and serve it",
		RunE: func(*cobra.Command, []string) error {
			return errors.New("not written yet")
		},
	}
}
