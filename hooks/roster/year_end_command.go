package roster

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/protocol"
)

// yearEndCommand is `messagerie year-end`.
type yearEndCommand struct {
	app           core.App
	service       *Service
	establishment string
	year          string
	dryRun, yes   bool
}

// YearEndCommand is `messagerie year-end`. It needs the data directory for itself.
func YearEndCommand(app core.App, service *Service) *cobra.Command {
	y := &yearEndCommand{app: app, service: service}
	command := &cobra.Command{
		Use:   "year-end --establishment NAME",
		Short: "End the school year: archive its classes, promote students, disable those who leave",
		Long: "Prints what would become of each class, asks, and does it. Classes of earlier years are archived, their\n" +
			"students go on to the next class or, if the last import came from the school's other software, wait for\n" +
			"the next one. Students of the last level and parents without another child are disabled. A second time changes\n" +
			"nothing. The server mustn't be running: beside it, use the page of the administration, where each class can\n" +
			"be decided about, and everything undone.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE:         func(c *cobra.Command, _ []string) error { return y.run(c.InOrStdin(), c.OutOrStdout()) },
	}
	flags := command.Flags()
	flags.StringVar(&y.establishment, "establishment", "", "the name of the establishment (required)")
	flags.StringVar(&y.year, "year", "", "the school year that begins, such as 2027-2028 (default: the next one, from June on)")
	flags.BoolVar(&y.dryRun, "dry-run", false, "only print what would change")
	flags.BoolVar(&y.yes, "yes", false, "don't ask")
	return command
}

func (y *yearEndCommand) run(in io.Reader, out io.Writer) error {
	if y.establishment == "" { // cobra's own check wouldn't reach the exit status
		return errors.New("donnez l'établissement avec --establishment")
	}
	if err := y.app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	y.service.Recover()
	establishment, err := findEstablishment(y.app, y.establishment)
	if err != nil {
		return err
	}
	proposal, err := y.service.ProposeYearEnd(establishment, y.year)
	if err != nil {
		return err
	}
	describeYearEnd(out, proposal)
	if len(proposal.Classes) == 0 {
		return nil
	}
	id, err := y.service.PlanYearEnd(0, establishment, accept(proposal))
	if err != nil {
		return err
	}
	plan, _, err := y.service.Get(establishment, id, Page{})
	if err != nil {
		return err
	}
	describeCounts(out, plan.Counts)
	switch {
	case y.dryRun:
		return nil
	case !y.yes && !agreed(in, out):
		fmt.Fprintln(out, "Rien n'a changé.")
		return nil
	}
	if err := y.service.ApplyNow(establishment, id); err != nil {
		return fmt.Errorf("le passage d'année a échoué, rien n'a changé : %w", err)
	}
	fmt.Fprintln(out, "Le passage d'année est fait.")
	return nil
}

// agreed asks, and returns whether the answer is yes. The end of the input is a no.
func agreed(in io.Reader, out io.Writer) bool {
	fmt.Fprint(out, "\nContinuer ? [o/N] ")
	answer, _ := bufio.NewReader(in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "o", "oui", "y", "yes":
		return true
	}
	return false
}

// describeYearEnd prints what is proposed for each class.
func describeYearEnd(out io.Writer, proposal protocol.YearEnd) {
	if len(proposal.Classes) == 0 {
		fmt.Fprintf(out, "Aucune classe n'est à archiver pour l'année scolaire %s.\n", proposal.Year)
		return
	}
	fmt.Fprintf(out, "Passage à l'année scolaire %s :\n", proposal.Year)
	for _, c := range proposal.Classes {
		students := counted(c.Students, "élève", "élèves")
		switch c.Action {
		case protocol.YearEndPromoted:
			fmt.Fprintf(out, "- %s (%s) → %s\n", c.Name, students, c.Becomes)
		case protocol.YearEndLeaving:
			fmt.Fprintf(out, "- %s (%s) : quittent l'établissement\n", c.Name, students)
		default:
			fmt.Fprintf(out, "- %s (%s) : sans classe jusqu'à la prochaine importation\n", c.Name, students)
		}
	}
	if proposal.KeepTeachers {
		fmt.Fprintln(out, "Les enseignants gardent la classe du même nom.")
	}
	fmt.Fprintln(out)
}
