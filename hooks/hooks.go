package hooks

import (
	"os"
	"slices"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/attachments"
	"messagerie/hooks/auth"
	"messagerie/hooks/backup"
	"messagerie/hooks/chat"
	"messagerie/hooks/closures"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/email"
	"messagerie/hooks/manual"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/ops"
	"messagerie/hooks/ops/logs"
	"messagerie/hooks/ops/metrics"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
	"messagerie/hooks/rest"
	"messagerie/hooks/roster"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
	"messagerie/hooks/store"
	"messagerie/hooks/web"
	"messagerie/ui"

	_ "messagerie/pb_migrations"
)

// Server is what Register has created.
type Server struct {
	Records       *store.Store
	People        *school.Service
	Conversations *messagerie.Service
	Hub           *chat.Hub
	MailQueue     *email.Queue
	Rosters       *roster.Service
	Closures      *closures.Service
	Search        *search.Service
	Files         *attachments.Service
	Backups       *backup.Service
	Log           *logs.Log
}

// Register binds everything to an app that isn't bootstrapped yet. Bind… registers handlers of
// record and app events, Mount… adds routes.
func Register(app core.App, cfg config.Config) *Server {
	return RegisterNode(app, cfg, nil, func() bool { return true })
}

// RegisterNode is Register for a machine of a cluster; node is nil for one on its own. serves reports whether this process
// serves: otherwise it takes no part in the cluster and can only read.
func RegisterNode(app core.App, cfg config.Config, node *cluster.Node, serves func() bool) *Server {
	origins := cfg.Server.AllowedOrigins
	if cfg.Server.PublicURL != "" { // behind a proxy that changes the Host
		origins = append(slices.Clone(origins), cfg.Server.PublicURL)
	}
	st := store.New(app)
	node.Bind(app, st, serves)
	people := school.New(app, st, cfg.Limits)
	conversations := messagerie.New(app, st, people, cfg.Limits)
	hub := chat.New(app, people, conversations, cfg.Limits, origins)
	hub.Relay(st)
	st.Listen(hub.Announce) // after the caches of people and conversations, which have listened since New
	mailQueue := email.New(app, st, people, cfg.Limits)
	logins := auth.BindLogins(app, cfg.Limits)
	people.RequireSecondFactor(cfg.Auth.RequireSecondFactor)
	logins.SecondFactors = auth.BindSecondFactors(app, people)
	rosters := roster.New(app, st)
	closed := closures.New(app, st)
	found := search.New(app, st, conversations)
	files := attachments.New(app, conversations, cfg.Attachments, cfg.Storage)
	people.LimitFiles(files.Limits())
	if node != nil {
		people.AskForPings(cluster.PingPause)
	}
	backups := backup.New(app, cfg.Backup, cfg.Storage)
	storage := ops.NewStorage(app, st, os.Stderr)
	ready := func() error {
		if err := node.Ready(); err != nil {
			return err
		}
		return storage.Ready()
	}
	problems := ops.NewProblems(app, st, mailQueue, backups.Weakness, cfg)
	api := rest.New(people, conversations, mailQueue, logins, rosters, closed, found, files, ready, problems.List, cfg.Limits)
	api.About = about(cfg)

	log := logs.Bind(app, logs.Options{MaxBytes: int64(cfg.Logs.MaxMegabytes) << 20, Level: cfg.Logs.Level, Format: cfg.Logs.Format, Output: os.Stderr}, rest.Outcome)
	hub.OnRefused(log.Refused)
	counted := metrics.New(app, cfg.Metrics, st, hub, pocketbase.Version)
	counted.Cluster = node.Gauges
	if counted.IsOn() {
		log.Observe(counted.Request)
		counted.Bind()
	}
	ops.BindSchema(app, st)
	ops.BindSettings(app, st, cfg)
	ops.BindInstaller(app, os.Stderr)
	ops.BindSuperuserSecondFactor(app, st, cfg)
	ops.BindProviders(app, st, cfg)
	ops.BindGC(app)
	storage.Bind()
	backups.Leads = st.Leads
	backups.Bind()
	ops.NewNotifier(app, problems, cfg.Ops.Notify).Bind()
	auth.BindProviders(app, cfg)
	auth.BindMailLimits(app)
	auth.BindProfileLimit(app)
	st.Bind()
	people.Bind()
	conversations.Bind()
	hub.Bind()
	mailQueue.Bind()
	privacy.NewEraser(app, st, cfg.Retention).Bind()
	rosters.Bind()
	found.Bind()
	files.Bind()
	st.Seal()

	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		api.Mount(se)
		hub.Mount(se)
		manual.Mount(se, api.About)
		counted.Mount(se)
		web.Mount(se, ui.Files(), cfg.Server)
		return se.Next()
	})
	// Last, because requests may write until their responses are sent.
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		st.Close()
		return e.Next()
	})
	return &Server{Records: st, People: people, Conversations: conversations, Hub: hub, MailQueue: mailQueue, Rosters: rosters,
		Closures: closed, Search: found, Files: files, Backups: backups, Log: log}
}

// about returns what everybody may read about this server.
func about(cfg config.Config) protocol.About {
	return protocol.About{
		Version:    pocketbase.Version,
		Controller: cfg.School.Controller, PrivacyContact: cfg.School.PrivacyContact, DPO: cfg.School.DPO,
		LeaversMonths: cfg.Retention.LeaversMonths, LeaversMessagesRemoved: cfg.Retention.RemovesMessages(),
	}
}
