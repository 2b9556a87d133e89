package ops

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// CheckCall finds the command that args call, nil if they only ask for help or the version. It refuses a
// flag, an argument or a command that doesn't exist, before the data directory is touched.
func CheckCall(root *cobra.Command, args []string) (*cobra.Command, error) {
	root.InitDefaultHelpFlag() // otherwise what follows it is taken for its value
	root.InitDefaultVersionFlag()
	command, rest, err := root.Find(args)
	if err != nil {
		return nil, err
	}
	command.InitDefaultHelpFlag()
	command.LocalFlags() // adds those of the commands above
	flags := command.Flags()
	asked := false // for help or the version
	err = flags.ParseAll(rest, func(flag *pflag.Flag, _ string) error {
		asked = asked || slices.Contains([]string{"help", "version"}, flag.Name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w; see %s --help", err, command.CommandPath())
	}
	switch positional := flags.Args(); {
	case asked, !command.Runnable() && len(positional) == 0:
		return nil, nil
	case !command.Runnable():
		return nil, fmt.Errorf("unknown command %q for %q; see %s --help", positional[0], command.CommandPath(), command.CommandPath())
	default:
		return command, command.ValidateArgs(positional)
	}
}
