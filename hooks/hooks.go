package hooks

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/chat"
	"messagerie/hooks/config"
	"messagerie/hooks/email"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/rest"
	"messagerie/ui"

	_ "messagerie/pb_migrations"
)

// Server is what Register has put together.
type Server struct {
	People *messagerie.Service
	Hub    *chat.Hub
	Outbox *email.Outbox
}

// Register binds everything to an app that isn't bootstrapped yet. Bind… registers
// events of records and of the app, Mount… adds routes.
func Register(app core.App, cfg config.Config) *Server {
	origins := cfg.Server.AllowedOrigins
	if cfg.Server.PublicURL != "" { // behind a proxy that calls us by another name
		origins = append(slices.Clone(origins), cfg.Server.PublicURL)
	}
	hub := chat.New(app, cfg.Limits, origins)
	people := messagerie.New(app, cfg.Limits, hub.Announce)
	hub.Use(people)
	outbox := email.New(app, people, cfg.Limits)
	api := rest.New(people, outbox)

	bindSettings(app, cfg)
	bindGarbage(app)
	people.Bind()
	hub.Bind()
	outbox.Bind()

	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		api.Mount(se)
		hub.Mount(se)
		mountClient(se, ui.Files(), cfg.Server.AllowedOrigins)
		return se.Next()
	})
	// Last: until the requests under way are answered, they may write.
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		people.Close()
		return e.Next()
	})
	return &Server{People: people, Hub: hub, Outbox: outbox}
}
