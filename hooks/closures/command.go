package closures

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

// Command is `messagerie closures import`. It needs the data directory for itself.
func Command(app core.App, service *Service) *cobra.Command {
	var establishment string
	imports := &cobra.Command{
		Use:   "import FILE --establishment NAME",
		Short: "Import the holidays of a school from a calendar (.ics)",
		Long: "Reads a calendar, such as the one that the ministry publishes for each zone, adds its holidays to the\n" +
			"closures of an establishment, and prints them. Events that aren't holidays are named and left out. The\n" +
			"same file a second time changes nothing. The server mustn't be running: beside it, use the page of the\n" +
			"administration.",
		SilenceUsage: true,
		RunE: func(c *cobra.Command, files []string) error {
			if len(files) != 1 || establishment == "" {
				return errors.New("donnez un fichier, et l'établissement avec --establishment")
			}
			return run(c.OutOrStdout(), app, service, files[0], establishment)
		},
	}
	imports.Flags().StringVar(&establishment, "establishment", "", "the name of the establishment (required)")
	closed := &cobra.Command{Use: "closures", Short: "The holidays of a school"}
	closed.AddCommand(imports)
	return closed
}

func run(out io.Writer, app core.App, service *Service, name, establishment string) error {
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	id, err := find(app, establishment)
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	imported, err := service.Import(id, file)
	if err != nil {
		return fmt.Errorf("rien n'a été importé : %w", err)
	}
	for _, closure := range imported.Closures {
		fmt.Fprintf(out, "%s – %s  %s\n", closure.FirstDay, closure.LastDay, closure.Name)
	}
	for _, ignored := range imported.Ignored {
		fmt.Fprintf(out, "laissé de côté : %s\n", ignored)
	}
	fmt.Fprintf(out, "%d ajoutés, %d inchangés, %d laissés de côté.\n", imported.Added, imported.Unchanged, len(imported.Ignored))
	return nil
}

// find returns the establishment of a name, without regard to case and accents.
func find(app core.App, name string) (protocol.ID, error) {
	records, err := app.FindAllRecords("establishments")
	if err != nil {
		return 0, fmt.Errorf("load establishments: %w", err)
	}
	var found []string
	var names []string
	for _, record := range records {
		names = append(names, record.GetString("name"))
		if slices.Equal(words.Of(record.GetString("name")), words.Of(name)) {
			found = append(found, record.Id)
		}
	}
	switch len(found) {
	case 0:
		return 0, fmt.Errorf("aucun établissement ne s'appelle « %s » ; il y a : %s", name, strings.Join(names, ", "))
	case 1:
		return protocol.ParseID(found[0]), nil
	}
	return 0, fmt.Errorf("plusieurs établissements s'appellent « %s »", name)
}
