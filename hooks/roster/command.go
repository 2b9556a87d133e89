package roster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// ErrNeedsDecision is the result of an import that has left out rows which need a decision.
var ErrNeedsDecision = errors.New("des lignes demandent une décision : importez-les depuis la page d'administration")

// StatusNeedsDecision is the program's exit status then.
const StatusNeedsDecision = 2

// UsePage is for somebody who runs a command of this package while the server runs.
const UsePage = "Le serveur est en marche : faites-le depuis la page d'administration, ou arrêtez-le d'abord."

// importCommand is `messagerie import`.
type importCommand struct {
	app           core.App
	service       *Service
	establishment string
	options       Options
	dryRun        bool
}

// Command is `messagerie import`. It needs the data directory for itself.
func Command(app core.App, service *Service) *cobra.Command {
	i := &importCommand{app: app, service: service}
	command := &cobra.Command{
		Use:   "import FILE… --establishment NAME",
		Short: "Import the people of a school from the files of its other software",
		Long: "Reads the files together, prints what would change, and changes it. The formats are ONDE (CSV),\n" +
			"SIECLE (XML), OneRoster 1.1 and 1.2 (ZIP) and any table (CSV); they are recognised by their content.\n" +
			"The same files a second time change nothing. The server mustn't be running: beside it, use the\n" +
			"page of the administration, which can also answer questions and undo the import.\n\n" +
			"Exit status: 0 if everything is imported (or would be, with --dry-run), 1 if nothing is, for example\n" +
			"because a file can't be read, 2 if rows were left out that need a decision.",
		SilenceUsage: true,
		RunE:         func(c *cobra.Command, files []string) error { return i.run(c.OutOrStdout(), files) },
	}
	flags := command.Flags()
	flags.StringVar(&i.establishment, "establishment", "", "the name of the establishment (required)")
	flags.StringVar(&i.options.Format, "format", "", "onde, siecle, oneroster or table, instead of the one that is recognised")
	flags.StringVar(&i.options.Role, "role", "", "of the people of a table that doesn't say: student, parent, teacher or staff")
	flags.BoolVar(&i.options.Complete, "complete", false, "a table names everybody: who isn't in it leaves")
	flags.BoolVar(&i.dryRun, "dry-run", false, "only print what would change")
	return command
}

func (i *importCommand) run(out io.Writer, names []string) error {
	if len(names) == 0 || i.establishment == "" { // cobra's own check wouldn't reach the exit status
		return errors.New("donnez au moins un fichier, et l'établissement avec --establishment")
	}
	if err := i.app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	i.service.Recover()
	establishment, err := findEstablishment(i.app, i.establishment)
	if err != nil {
		return err
	}
	var files []Upload
	for _, name := range names {
		files = append(files, Upload{Name: filepath.Base(name), Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}
	id, err := i.service.Plan(0, establishment, files, i.options)
	if err != nil {
		return inFrench(err)
	}
	plan, _, err := i.service.Get(establishment, id, Page{})
	if err != nil {
		return err
	}
	describe(out, plan)
	if !i.dryRun {
		if err := i.service.ApplyNow(establishment, plan.ID); err != nil {
			return fmt.Errorf("l'importation a échoué, rien n'a changé : %w", err)
		}
		fmt.Fprintln(out, "Importation terminée.")
	}
	if slices.ContainsFunc(plan.Problems, func(p protocol.RosterProblem) bool { return p.Code == ProblemNeedsDecision }) {
		return ErrNeedsDecision
	}
	return nil
}

// findEstablishment returns the establishment of a name, without regard to case and accents.
func findEstablishment(app core.App, wanted string) (protocol.ID, error) {
	records, err := app.FindAllRecords("establishments")
	if err != nil {
		return 0, fmt.Errorf("load establishments: %w", err)
	}
	var found protocol.ID
	var names []string
	for _, record := range records {
		name := record.GetString("name")
		names = append(names, name)
		if fullNameKey("", name) == fullNameKey("", wanted) {
			if found != 0 {
				return 0, fmt.Errorf("plusieurs établissements s'appellent « %s »", wanted)
			}
			found = protocol.ParseID(record.Id)
		}
	}
	if found == 0 {
		return 0, fmt.Errorf("aucun établissement ne s'appelle « %s » ; il y a : %s", wanted, strings.Join(names, ", "))
	}
	return found, nil
}

// inFrench adds why a file can't be read, which the readers say in French.
func inFrench(err error) error {
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.Code() == protocol.CodeUnreadableFile {
		return fmt.Errorf("fichier illisible, rien n'a été importé : %w", err)
	}
	return err
}
