package privacy

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/protocol"
)

// ExportCommand is `messagerie export person ID`. It only reads, so the server may be running.
func ExportCommand(app core.App) *cobra.Command {
	var folder string
	person := &cobra.Command{
		Use:   "person ID",
		Short: "Write all that is kept about a person, for their right of access",
		Long: "Writes person-ID.json and person-ID.html: the account, and each record that refers to it;\n" +
			"and the files that the person has sent, into person-ID-files.\n" +
			"The id is the one in the dashboard. The server may be running meanwhile.",
		Args:         cobra.ExactArgs(1),
		SilenceUsage: true,
		RunE: func(c *cobra.Command, args []string) error {
			id := protocol.ParseID(args[0])
			if id == 0 {
				return fmt.Errorf("%s is no id: it is the number in the first column of users, in the dashboard", args[0])
			}
			dossier, err := Collect(app, id, time.Now())
			if err != nil {
				return err
			}
			for suffix, write := range map[string]func(io.Writer) error{".json": dossier.WriteJSON, ".html": dossier.WriteHTML} {
				path := filepath.Join(folder, "person-"+id.String()+suffix)
				if err := writeFile(path, write); err != nil {
					return err
				}
				fmt.Fprintln(c.OutOrStdout(), path)
			}
			files := filepath.Join(folder, "person-"+id.String()+"-files")
			count, err := WriteFiles(app, id, files)
			if count > 0 {
				fmt.Fprintln(c.OutOrStdout(), files)
			}
			return err
		},
	}
	person.Flags().StringVar(&folder, "to", ".", "the folder to write to")
	export := &cobra.Command{Use: "export", Short: "Write out what is kept"}
	export.AddCommand(person)
	return export
}

// writeFile writes a file that only its owner may read, and never over another.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
