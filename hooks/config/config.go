// Package config holds what a school may set: a typed [Config], every default in
// code, and [Load], which reads the file, the environment and the flags and refuses
// whatever it doesn't understand. keys.go describes each key once: its default, what
// is allowed and what it means; config.example.yaml is generated from it.
package config

import (
	"fmt"
	"strings"
	"time"
)

// Config is the whole configuration. What each field means, with its unit and range,
// is beside its key in keys.go.
type Config struct {
	Server    Server
	School    School
	Superuser Superuser
	Auth      Auth
	Dashboard Dashboard
	SMTP      SMTP
	Login     Login
	OIDC      OIDC
	Google    Google
	Microsoft Microsoft
	Limits    Limits

	Attachments Attachments
	Storage     Storage
	Backup      Backup

	Logs      Logs
	Metrics   Metrics
	Cluster   Cluster
	Ops       Ops
	Retention Retention

	file     string
	named    map[string]string // key → where it was given
	warnings []string
}

// Server is where the program listens, and how it is reached.
type Server struct {
	Address             string   // host:port
	DataDir             string   // after Load: as given by a flag or the environment, else beside the file that names it, else beside the binary
	PublicURL           string   // scheme://host[:port] without a trailing slash; "" is left to the dashboard
	AllowedOrigins      []string // scheme://host[:port], as browsers spell them; none allows the server's own host only
	TrustedProxyHeaders []string
	UseLeftmostIP       bool
}

// School is what the product calls itself, and whom people ask about their data.
type School struct {
	Name           string
	Controller     string // "" for the texts of the client, as below
	PrivacyContact string
	DPO            string
}

// Dashboard is from where superusers work.
type Dashboard struct {
	AllowedAddresses []string // networks in CIDR notation; none allows every address
}

// Superuser is the first administrator of the dashboard. Both fields are set, or neither.
type Superuser struct {
	Email    string
	Password Secret
}

// Auth is what logging in takes besides a password.
type Auth struct {
	RequireSecondFactor   []string // roles of those who must set up a second factor
	SuperuserSecondFactor bool     // for the dashboard
}

// SMTP is the mail server. Without a Host none of it is used.
type SMTP struct {
	Host          string
	Port          int
	Username      string
	Password      Secret
	TLS           bool // from the first byte; otherwise STARTTLS is tried
	AuthMethod    string
	LocalName     string
	SenderName    string
	SenderAddress string
}

// Limits are the numbers of the contract.
type Limits struct {
	ContentCharacters        int
	FrameBytes               int
	FramesPerSecond          int
	FramesBurst              int
	SocketsPerUser           int
	GroupParticipants        int
	TypingInterval           time.Duration
	TypingTimeout            time.Duration
	PageDefault              int
	PageMax                  int
	ListConversations        int
	SearchResults            int
	RequestsPerSecond        int
	RequestsBurst            int
	VisitorRequestsPerMinute int
	LoginFailures            int
	LoginFailuresPerAddress  int
	AccessCodeDays           int
	EmailRecipients          int
	EmailsPerHour            int // 0 for no limit
	EmailRoles               []string
	EmailContentBytes        int
}

// Attachments are the files of messages.
type Attachments struct {
	MaxMegabytes           int      // of a file
	Types                  []string // some of pictures, pdf, office, text, audio and video
	PersonMegabytes        int      // 0 for any number, as below
	EstablishmentMegabytes int
	Clamd                  string // where the virus scanner listens; "" for none
}

// Storage is the disk of the data directory.
type Storage struct {
	Reserve int // megabytes that files of messages leave free
}

// ReserveBytes is Reserve in bytes.
func (s Storage) ReserveBytes() int64 { return int64(s.Reserve) << 20 }

// BackupS3 is the place of backups that stands for the S3 of the dashboard's settings.
const BackupS3 = "s3"

// Backup is where copies of the data are kept, and how many.
type Backup struct {
	To            string // a directory, BackupS3, or "" for none by themselves
	At            string // the time of day in UTC, HH:MM
	Keep          int
	KeepDays      int    // 0 for any age
	AgeRecipient  string // for whom they are encrypted; "" for nobody
	RestorePoints int    // of each kind
}

// Cron is At as PocketBase's scheduler takes it.
func (b Backup) Cron() string {
	hour, minute, _ := strings.Cut(b.At, ":")
	return strings.TrimPrefix(minute, "0") + " " + strings.TrimPrefix(hour, "0") + " * * *"
}

// Logs bounds what the dashboard's log takes, and says what standard error gets.
type Logs struct {
	MaxMegabytes int
	Level        string // debug, info, warn or error
	Format       string // text or json
}

// Metrics is who may read what the server counts: nobody if both are empty.
type Metrics struct {
	Token   Secret
	Address string // host:port
}

// Ops is who looks after the server.
type Ops struct {
	Notify []string // addresses; none for the administrators of the establishments
}

// Retention is how long the school keeps what it no longer needs.
type Retention struct {
	LeaversMonths   int    // 0 keeps people who have left
	LeaversMessages string // "keep" or "remove"
}

// RemovesMessages reports whether what people wrote goes with them.
func (r Retention) RemovesMessages() bool { return r.LeaversMessages == "remove" }

// Secret is a text that appears in no log and no error message. string(s) is the text.
type Secret string

const hidden = "(hidden)"

// String hides the text from every formatting verb that asks for it.
func (Secret) String() string { return hidden }

// GoString hides the text from %#v.
func (Secret) GoString() string { return hidden }

// MarshalText hides the text from JSON and structured logs.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Default is the configuration of a school that sets nothing.
func Default() Config {
	var c Config
	for _, k := range c.keys() {
		k.value.reset()
	}
	return c
}

// Named reports whether the file, the environment or a flag gives the key ("smtp.host")
// or any key of the section ("smtp"). A named key wins over the dashboard at each
// start; the others are the dashboard's. An empty value that means "left to the
// dashboard" counts as not named. An unknown name is a mistake of the caller and panics.
func (c Config) Named(name string) bool {
	known := false
	for _, k := range c.keys() {
		if k.name != name && k.section() != name {
			continue
		}
		known = true
		if c.named[k.name] != "" {
			return true
		}
	}
	if !known {
		panic(fmt.Sprintf("config: there is no key %q", name))
	}
	return false
}

// Origin says where a key was given, in words for a message ("flag --http"); "" means
// that it has its default.
func (c Config) Origin(name string) string { return c.named[name] }

// File is the path of the file that was read, "" when there was none.
func (c Config) File() string { return c.file }

// Warnings lists what should be changed, though the program starts all the same.
func (c Config) Warnings() []string { return c.warnings }

// EnvironmentName is the variable that sets a key: smtp.host is MESSAGERIE_SMTP_HOST.
func EnvironmentName(key string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}
