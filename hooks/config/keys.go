package config

import "time"

// key describes one setting for the loader, the error messages and the example file.
type key struct {
	name    string // section.key, as in the file
	value   value  // where it goes, its default and what is allowed
	meaning string
	traits
}

// traits are what only few keys have. The zero value is that of most keys.
type traits struct {
	secret            bool // never shown
	emptyLeavesItOpen bool // "" isn't a setting: the dashboard keeps its own
	path              bool // relative to the file that names it
}

func (k key) section() string {
	section, _ := splitKey(k.name)
	return section
}

// sections are the headings of the file, in its order.
var sections = []struct{ name, meaning string }{
	{"server", "Where the program listens, and how it is reached."},
	{"school", "What the product calls itself, and what its page on privacy says (GDPR, articles 13 and 14)."},
	{"superuser", "The first administrator of the dashboard. Created at start if there is none yet and never changed afterwards; use the dashboard for that. Set both keys or neither."},
	{"auth", "What logging in takes besides a password."},
	{"dashboard", "Where PocketBase's dashboard may be used from."},
	{"smtp", "The mail server. As long as no host is set here or in the dashboard, letters wait, and the log-in page sends people to the school's office for a new password. The machine's own sendmail isn't used."},
	{"login", "Accounts for people whom the school doesn't have yet, made when they log in through one of the providers below. By default none are: only people who are in users get in. Set all keys or none."},
	{"oidc", "The school's own log-in (OpenID Connect), as a button on the log-in page: client_id, client_secret and an issuer, or the addresses of its endpoints. Register there https://HOST/login/callback, to come back to after logging in, and https://HOST/ after logging out. People are recognised by an earlier log-in, by their external id, or by an address that the provider has verified (email_verified)."},
	{"google", "Logging in with Google, for people whose address in users is that of their Google account. Set both keys or neither."},
	{"microsoft", "Logging in with Microsoft, for people whose address in users is that of their account in the school's own tenant. Set all keys or none."},
	{"limits", "What one person, socket or letter may use. The defaults are those promised to client programs: lowering them can break one that relies on them."},
	{"attachments", "The files that people send in messages. They are kept where the dashboard says under Files storage: on the disk, or in S3. The place and the camera are removed from pictures."},
	{"storage", "The disk on which the data directory is."},
	{"backup", "Copies of the database and of the files of messages, made while people write. messagerie backup makes one by hand, messagerie restore brings it back."},
	{"logs", "The log of requests and faults, which the dashboard shows: refused requests are counted there, one line a minute. Standard error has a line for each, with the id that the response has as X-Request-Id."},
	{"metrics", "What the server does, in Prometheus's text format: sockets, frames, commits, mail, the disk, the last backup. Nobody can read it until one of the keys is set."},
	{"cluster", "Several machines that keep the same data, any of which may fail: see /aide/grappe/. Without cluster.node this is a single machine, and nothing of this is used."},
	{"ops", "Who looks after the server."},
	{"retention", "How long people are kept after they have left the school: the day is left_at in the dashboard."},
}

// keys lists every setting, bound to the fields of c.
func (c *Config) keys() []key {
	var keys []key
	keys = append(keys, c.serverKeys()...)
	keys = append(keys, c.peopleKeys()...)
	keys = append(keys, c.authKeys()...)
	keys = append(keys, c.dashboardKeys()...)
	keys = append(keys, c.smtpKeys()...)
	keys = append(keys, c.providerKeys()...)
	keys = append(keys, c.chatKeys()...)
	keys = append(keys, c.requestKeys()...)
	keys = append(keys, c.attachmentKeys()...)
	keys = append(keys, c.storageKeys()...)
	keys = append(keys, c.backupKeys()...)
	keys = append(keys, c.logKeys()...)
	keys = append(keys, c.metricsKeys()...)
	keys = append(keys, c.clusterKeys()...)
	keys = append(keys, c.opsKeys()...)
	return append(keys, c.retentionKeys()...)
}

func (c *Config) serverKeys() []key {
	s := &c.Server
	return []key{
		{"server.address", text(&s.Address, "127.0.0.1:8000", "host:port with a port from 0 to 65535, such as 127.0.0.1:8000, or 0.0.0.0:8000 for every network", address),
			"Where the program listens. The same as the flag --http.", traits{}},
		{"server.data_dir", text(&s.DataDir, "pb_data", "the path of a folder", notEmpty),
			"Where the database and the files are kept. A relative path is relative to this file's folder (from the environment or the flag --dir: to the current one). By default pb_data beside the program.", traits{path: true}},
		{"server.public_url", text(&s.PublicURL, "", "empty, or scheme://host[:port] without a path, such as https://messagerie.ecole.example", emptyOr(origin)),
			"The address that people type, used for the links in mails. Empty leaves it to the dashboard. Mails with links, such as password resets, aren't sent while it is PocketBase's http://localhost:8090.", traits{emptyLeavesItOpen: true}},
		{"server.allowed_origins", list(&s.AllowedOrigins, nil, "a list of scheme://host[:port] without a path, such as [https://ent.example.fr]", allowedOrigin),
			"Other web sites whose pages may use this server. Empty allows pages from the server's own host only.", traits{}},
		{"server.trusted_proxy_headers", list(&s.TrustedProxyHeaders, nil, "a list of header names, such as [X-Forwarded-For]", headerName),
			"Headers in which a reverse proxy passes the visitor's address. List them only if every request comes through that proxy: otherwise visitors can invent addresses.", traits{}},
		{"server.use_leftmost_ip", boolean(&s.UseLeftmostIP, false),
			"Take the first address of those headers instead of the last. Safe only with a proxy that removes what visitors put there.", traits{}},
	}
}

func (c *Config) peopleKeys() []key {
	return []key{
		{"school.name", text(&c.School.Name, "Messagerie", "1 to 255 characters", shortText),
			"The name in the title, in mails and in the dashboard.", traits{}},
		{"school.controller", text(&c.School.Controller, "", "empty, or at most 255 characters", emptyOr(shortText)),
			"Who is responsible for the data, with an address. Empty says that it is the head of the school.", traits{}},
		{"school.privacy_contact", text(&c.School.PrivacyContact, "", "empty, or at most 255 characters", emptyOr(shortText)),
			"Whom people write to about their data or about accessibility. Empty says that it is the school's office.", traits{}},
		{"school.dpo", text(&c.School.DPO, "", "empty, or at most 255 characters", emptyOr(shortText)),
			"The data protection officer, with an address. Empty leaves them out.", traits{}},
		{"superuser.email", text(&c.Superuser.Email, "", "empty, or an e-mail address", emptyOr(mailAddress)),
			"The administrator's e-mail address.", traits{}},
		{"superuser.password", text(&c.Superuser.Password, "", "empty, or 10 to 71 bytes", emptyOr(password)),
			"The administrator's password. Better set as MESSAGERIE_SUPERUSER_PASSWORD than here.", traits{secret: true}},
	}
}

func (c *Config) authKeys() []key {
	a := &c.Auth
	return []key{
		{"auth.require_second_factor", list(&a.RequireSecondFactor, nil, "a list of admin, teacher, staff, parent, student; [] for nobody", oneOf("admin", "teacher", "staff", "parent", "student")),
			"Who must log in with a code of an authenticator app besides the password. People of these roles set it up at their next log-in, and can do nothing else before. Other staff may turn it on by themselves.", traits{}},
		{"auth.superuser_second_factor", boolean(&a.SuperuserSecondFactor, false),
			"Ask for a mailed code as well at the log-in to the dashboard. Without a mail server, messagerie superuser otp ADDRESS prints one. Leave it out to set it in the dashboard (collection _superusers, MFA and OTP).", traits{}},
	}
}

func (c *Config) dashboardKeys() []key {
	return []key{
		{"dashboard.allowed_addresses", list(&c.Dashboard.AllowedAddresses, nil, "a list of IP addresses and networks, such as [192.0.2.7, 10.0.0.0/8, 2001:db8::/32]", network),
			"From which network addresses superusers may log in, use their tokens and open the dashboard. [] allows every address; leaving it out keeps what the dashboard has, so write [] to lift it. Behind a proxy, set server.trusted_proxy_headers as well: otherwise everybody has the proxy's address. With 127.0.0.1, an SSH tunnel to the server always gets in.", traits{}},
	}
}

func (c *Config) smtpKeys() []key {
	s := &c.SMTP
	return []key{
		{"smtp.host", text(&s.Host, "", "empty, or a host name or IP address without a port", emptyOr(host)),
			"The mail server. Empty leaves it to the dashboard.", traits{emptyLeavesItOpen: true}},
		{"smtp.port", whole(&s.Port, 587, 1, 65535, ""),
			"Its port: usually 587, or 465 with tls: true.", traits{}},
		{"smtp.username", text(&s.Username, "", "any text", nil),
			"The account there. Empty sends without logging in.", traits{}},
		{"smtp.password", text(&s.Password, "", "any text", nil),
			"The account's password. Better set as MESSAGERIE_SMTP_PASSWORD than here.", traits{secret: true}},
		{"smtp.tls", boolean(&s.TLS, false),
			"true encrypts from the first byte (port 465). false begins unencrypted and switches to encryption if the mail server offers it (STARTTLS).", traits{}},
		{"smtp.auth_method", text(&s.AuthMethod, "PLAIN", "PLAIN or LOGIN", oneOf("PLAIN", "LOGIN")),
			"How to log in. LOGIN is for older Microsoft servers.", traits{}},
		{"smtp.local_name", text(&s.LocalName, "", "empty, or a host name or IP address", emptyOr(host)),
			"The name with which this machine greets the mail server. Empty means localhost; some relays require the real one.", traits{}},
		{"smtp.sender_name", text(&s.SenderName, "Messagerie", "1 to 255 characters", shortText),
			"The sender's name in mails of the system, such as password resets. Letters carry their author's name.", traits{}},
		{"smtp.sender_address", text(&s.SenderAddress, "", "empty, or an e-mail address", emptyOr(mailAddress)),
			"The sender's address in mails. Empty leaves it to the dashboard. Letters wait while it is PocketBase's support@example.com.", traits{emptyLeavesItOpen: true}},
	}
}

func (c *Config) chatKeys() []key {
	l := &c.Limits
	return []key{
		{"limits.content_characters", whole(&l.ContentCharacters, 10_000, 1, 100_000, "characters"),
			"The longest message, counted after trimming.", traits{}},
		{"limits.frame_bytes", whole(&l.FrameBytes, 64<<10, 1<<10, 16<<20, "bytes"),
			"The largest frame a socket may send; at least four times content_characters plus 1024, so that the longest message fits. A larger one closes the socket.", traits{}},
		{"limits.frames_per_second", whole(&l.FramesPerSecond, 20, 1, 1000, "frames per second"),
			"How many frames a socket may send in the long run. One that sends more is closed.", traits{}},
		{"limits.frames_burst", whole(&l.FramesBurst, 60, 1, 10_000, "frames"),
			"How many it may send in a burst.", traits{}},
		{"limits.sockets_per_user", whole(&l.SocketsPerUser, 10, 1, 1000, "sockets"),
			"How many devices or windows of one person may be connected at a time.", traits{}},
		{"limits.group_participants", whole(&l.GroupParticipants, 250, 3, 10_000, "people"),
			"The largest group.", traits{}},
		{"limits.typing_interval", duration(&l.TypingInterval, time.Second, 100*time.Millisecond, time.Minute),
			"The shortest time between two typing signals that are passed on, per conversation and socket.", traits{}},
		{"limits.typing_timeout", duration(&l.TypingTimeout, 6*time.Second, time.Second, 5*time.Minute),
			"How long somebody counts as typing after the last signal. More than typing_interval.", traits{}},
		{"limits.page_default", whole(&l.PageDefault, 50, 1, 1000, "items"),
			"The length of a page when a client doesn't ask for one. At most page_max.", traits{}},
		{"limits.page_max", whole(&l.PageMax, 200, 1, 1000, "items"),
			"The longest page a client may ask for.", traits{}},
		{"limits.list_conversations", whole(&l.ListConversations, 50, 1, 1000, "conversations"),
			"How many conversations a client receives when it connects.", traits{}},
		{"limits.search_results", whole(&l.SearchResults, 20, 1, 100, "people"),
			"How many people a search finds at most.", traits{}},
	}
}

func (c *Config) requestKeys() []key {
	l := &c.Limits
	return []key{
		{"limits.requests_per_second", whole(&l.RequestsPerSecond, 50, 1, 100_000, "requests per second"),
			"How many requests one person may make in the long run, on all devices together.", traits{}},
		{"limits.requests_burst", whole(&l.RequestsBurst, 500, 1, 100_000, "requests"),
			"How many they may make in a burst.", traits{}},
		{"limits.visitor_requests_per_minute", whole(&l.VisitorRequestsPerMinute, 1200, 1, 100_000, "requests per minute"),
			"How many requests without a log-in one network address may make, of each kind. A whole school often shares one address.", traits{}},
		{"limits.login_failures", whole(&l.LoginFailures, 10, 1, 1000, "passwords"),
			"How many wrong passwords in a row one network address may try on one account. Afterwards it may try another one after three minutes, and then waits twice as long each time, up to an hour. All addresses from which the account has never logged in may together try twice as many.", traits{}},
		{"limits.login_failures_per_address", whole(&l.LoginFailuresPerAddress, 600, 1, 100_000, "passwords"),
			"How many wrong passwords one network address may try within twelve hours on all accounts together. Afterwards it has three tries left at each account, except at those that have logged in from there before. A whole school often shares one address: keep it above the mistakes of the first day.", traits{}},
		{"limits.access_code_days", whole(&l.AccessCodeDays, 60, 1, 365, "days"),
			"How long the one-time code of an access letter is valid.", traits{}},
		{"limits.email_recipients", whole(&l.EmailRecipients, 500, 1, 10_000, "people"),
			"The most recipients of one letter.", traits{}},
		{"limits.emails_per_hour", whole(&l.EmailsPerHour, 0, 0, 1_000_000, "letters"),
			"How many letters and invitations an hour the mail server gets; others wait their turn. Set what the provider allows, such as 200. 0 sends as fast as the mail server takes them.", traits{}},
		{"limits.email_roles", list(&l.EmailRoles, []string{"admin", "teacher", "staff"}, "a list of admin, teacher, staff, parent, student; [] for nobody", oneOf("admin", "teacher", "staff", "parent", "student")),
			"Who may send letters.", traits{}},
		{"limits.email_content_bytes", whole(&l.EmailContentBytes, 1<<20, 1<<10, 2<<20, "bytes"),
			"The longest letter.", traits{}},
	}
}

func (c *Config) attachmentKeys() []key {
	a := &c.Attachments
	return []key{
		{"attachments.max_megabytes", whole(&a.MaxMegabytes, 20, 1, 1000, "megabytes"),
			"The largest file. A proxy in front must let through as much.", traits{}},
		{"attachments.types", list(&a.Types, []string{"pictures", "pdf", "office", "text", "audio", "video"}, "a list of pictures, pdf, office, text, audio, video; [] for no files", oneOf("pictures", "pdf", "office", "text", "audio", "video")),
			"What may be sent, recognised by the content of a file: JPEG, PNG, GIF and WebP; PDF; documents of word processors, spreadsheets and presentations without macros; plain text and CSV; MP3, AAC, M4A, Ogg, FLAC, WebM and WAV; MP4, WebM, Ogg, 3GP and QuickTime.", traits{}},
		{"attachments.person_megabytes", whole(&a.PersonMegabytes, 1024, 0, 1<<30, "megabytes"),
			"How large the files of one person may be together. 0 for any size.", traits{}},
		{"attachments.establishment_megabytes", whole(&a.EstablishmentMegabytes, 0, 0, 1<<30, "megabytes"),
			"How large the files of one establishment may be together. 0 for any size.", traits{}},
		{"attachments.clamd", text(&a.Clamd, "", "empty, or unix:/path/of/the/socket, or tcp:host:port", emptyOr(socket)),
			"Where ClamAV's daemon listens. With it every file is scanned, and refused while the scanner can't be reached. Its StreamMaxLength must be at least max_megabytes.", traits{}},
	}
}

func (c *Config) storageKeys() []key {
	return []key{
		{"storage.reserve", whole(&c.Storage.Reserve, 500, 0, 1<<30, "megabytes"),
			"How much files of messages leave free: with less, uploads are refused, so that messages can still be stored.", traits{}},
	}
}

func (c *Config) logKeys() []key {
	return []key{
		{"logs.max_megabytes", whole(&c.Logs.MaxMegabytes, 64, 1, 100_000, "megabytes"),
			"How large the log may become on the disk. The oldest lines go first; some 100,000 lines are 64 megabytes.", traits{}},
		{"logs.level", text(&c.Logs.Level, "info", "debug, info, warn or error", oneOf("debug", "info", "warn", "error")),
			"What is written to standard error, and so to journald: error only faults, warn also refused requests and frames, debug also those that succeed.", traits{}},
		{"logs.format", text(&c.Logs.Format, "text", "text or json", oneOf("text", "json")),
			"How it is written: text is key=value, json an object a line.", traits{}},
	}
}

func (c *Config) metricsKeys() []key {
	return []key{
		{"metrics.token", text(&c.Metrics.Token, "", "empty, or 16 to 200 characters without spaces", emptyOr(token)),
			"What a reader of GET /metrics sends as Authorization: Bearer. Better set as MESSAGERIE_METRICS_TOKEN than here.", traits{secret: true}},
		{"metrics.address", text(&c.Metrics.Address, "", "empty, or host:port, such as 127.0.0.1:9464", emptyOr(address)),
			"Where else than on the server's own address they are read. Without a token this must be an address of this machine only, such as 127.0.0.1.", traits{}},
	}
}

func (c *Config) opsKeys() []key {
	return []key{
		{"ops.notify", list(&c.Ops.Notify, nil, "a list of e-mail addresses", mailAddress),
			"Who gets a mail, once a day at most, when a backup, the disk or mail fails. Empty: the administrators of the establishments.", traits{}},
	}
}

func (c *Config) retentionKeys() []key {
	r := &c.Retention
	return []key{
		{"retention.leavers_months", whole(&r.LeaversMonths, 3, 0, 120, "months"),
			"How many months after people have left their accounts are erased, in the night. 0 keeps them.", traits{}},
		{"retention.leavers_messages", text(&r.LeaversMessages, "keep", "keep or remove", oneOf("keep", "remove")),
			"What happens to what they wrote: keep leaves it without a name, remove deletes it. The files that they sent, and what their messages said before edits, go either way.", traits{}},
	}
}

// retired are keys of earlier versions, with what to do about them. They are ignored with
// a warning, so that a program still starts after an update.
var retired = map[string]string{
	"limits.logins_per_minute": "no longer exists and is ignored: log-ins that succeed aren't limited, " +
		"those that fail by limits.login_failures and limits.login_failures_per_address. Remove it",
}
