package backup

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// Command is `messagerie backup`, with verify and list below it. The server may be running.
func Command(service *Service) *cobra.Command {
	var to string
	backup := &cobra.Command{
		Use:   "backup",
		Short: "Make a backup; the server may be running",
		Long: "Writes one file with the database, the files of messages and their checksums, checks it, and removes the\n" +
			"backups that are too many or too old (backup.keep, backup.keep_days), unless --to names another place than\n" +
			"backup.to. People can go on writing.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			made, err := service.Create(c.Context(), to)
			if made.Name != "" {
				fmt.Fprintf(c.OutOrStdout(), "%s: %d rows, %d files, %d MB\n", made.Name, made.Rows, made.Files, megabytes(made.Bytes))
			}
			return err
		},
	}
	backup.Flags().StringVar(&to, "to", "", "a directory, or s3 (default backup.to of the configuration)")
	backup.AddCommand(verifyCommand(service), listCommand(service))
	return backup
}

func megabytes(bytes int64) int64 { return (bytes + 1<<20 - 1) >> 20 }

func verifyCommand(service *Service) *cobra.Command {
	var identity string
	verify := &cobra.Command{
		Use:   "verify FILE",
		Short: "Read a whole backup, and tell whether it can be restored",
		Long: "Compares every file in it with its checksum and checks the database. It needs as much room as the\n" +
			"database in the directory for temporary files (TMPDIR) or in the data directory or, unless it is encrypted,\n" +
			"beside the backup.",
		Args:         cobra.ExactArgs(1),
		SilenceUsage: true,
		RunE: func(c *cobra.Command, args []string) error {
			found, err := Verify(c.Context(), args[0], identity, service.app.DataDir())
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is good: ", args[0])
			found.print(c.OutOrStdout())
			return nil
		},
	}
	addIdentity(verify, &identity)
	return verify
}

func (v Verified) print(out io.Writer) {
	if v.Version == "" { // what a restore had put aside
		fmt.Fprintf(out, "%d rows.\n", v.Rows)
		return
	}
	fmt.Fprintf(out, "%s of %s, by version %s: %d rows, %d files.\n", v.Contents, v.Created.Local().Format(time.DateTime), v.Version, v.Rows, v.Files)
}

func addIdentity(command *cobra.Command, identity *string) {
	command.Flags().StringVar(identity, "identity", "", "the file with the age identity, if the backup is encrypted")
}

func listCommand(service *Service) *cobra.Command {
	var to string
	list := &cobra.Command{
		Use:          "list",
		Short:        "List the backups",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			found, err := service.List(c.Context(), to)
			for _, stored := range found {
				fmt.Fprintf(c.OutOrStdout(), "%s  %s  %d MB\n", stored.Made.Local().Format(time.DateTime), stored.Name, megabytes(stored.Bytes))
			}
			return err
		},
	}
	list.Flags().StringVar(&to, "to", "", "a directory, or s3 (default backup.to of the configuration)")
	return list
}

// RestoreCommand is `messagerie restore`. The caller holds the lock of the data directory, and hasn't opened the database.
func RestoreCommand(app core.App) *cobra.Command {
	var identity string
	restore := &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace the data by those of a backup, while the server is stopped",
		Long: "Checks the whole backup first, then replaces the database and the files of messages. What was there before is\n" +
			"kept in a directory before_restore_… beside them, which can be restored the same way. A restore point\n" +
			"(restore_points in the data directory) has the database alone: the files of messages stay as they are.",
		Args:         cobra.ExactArgs(1),
		SilenceUsage: true,
		RunE: func(c *cobra.Command, args []string) error {
			dir := resolved(app.DataDir())
			done, err := Restore(c.Context(), dir, resolved(args[0]), identity, time.Now())
			if err != nil {
				return err
			}
			fmt.Fprint(c.OutOrStdout(), "Restored: ")
			done.print(c.OutOrStdout())
			if exists(filepath.Join(done.Aside, databaseFile)) {
				fmt.Fprintf(c.OutOrStdout(), "What was there before is in %s.\nTo go back: %s\nOnce all is well, delete that directory: it takes room, and has what was erased since.\n",
					done.Aside, restoreCall(done.Aside, dir))
			}
			return nil
		},
	}
	addIdentity(restore, &identity)
	return restore
}

// restoreCall is the line for a shell that restores something.
func restoreCall(from, dir string) string {
	return "messagerie restore " + Quoted(from) + " --dir " + Quoted(dir)
}

// Quoted is a path for a shell.
func Quoted(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
