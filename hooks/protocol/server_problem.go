package protocol

// ServerProblem is what the administration is told about the server itself.
type ServerProblem struct {
	Cause string `json:"cause"` // one of the causes below
	Code  string `json:"code"`  // what is wrong with it
}

// The causes of a ServerProblem, with their codes.
const (
	CauseDisk   = "disk"   // full, read_only, broken; low: files are refused
	CauseBackup = "backup" // failed, old
	CauseMail   = "mail"   // unreachable: the mail server can't be reached or doesn't let us log in; settings: they are incomplete

	// What follows is only shown, no mail is sent.
	CauseBackupPlace = "backup_place" // same_disk, inside_data: the backups would be lost together with the data
	CauseLetters     = "letters"      // failed: some weren't delivered within the last days, and won't be
)
