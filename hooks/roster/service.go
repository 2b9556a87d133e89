package roster

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Service plans, applies and undoes imports. Its methods may be called from any goroutine, but
// not from within a transaction.
type Service struct {
	app   core.App
	store *store.Store
	now   func() time.Time

	reading  sync.Mutex // held while files are read and compared: one import at a time fits into memory
	changing sync.Mutex // held while an import is applied or undone
	running  sync.WaitGroup
	stopping atomic.Bool

	writers    map[string]*store.RecordWriter // by collection
	fastPeople *store.FastPath
	progress   sync.Map // of imports that are applied or undone now, by id
}

// New creates the service of an app that needn't be bootstrapped yet.
func New(app core.App, st *store.Store) *Service {
	return &Service{app: app, store: st, now: time.Now, fastPeople: newFastPeople(st), writers: map[string]*store.RecordWriter{
		// The plan has made sure that what they refer to exists.
		"users":           st.RecordWriter("establishments"),
		"classes":         st.RecordWriter("establishment"),
		"enrollments":     st.RecordWriter("class", "user"),
		"guardianships":   st.RecordWriter("guardian", "student"),
		"roster_imports":  st.RecordWriter("establishment", "created_by"),
		"roster_portions": st.RecordWriter("import"),
		"roster_columns":  st.RecordWriter("establishment"),
	}}
}

// Bind numbers the records, and takes back at start what was interrupted.
func (s *Service) Bind() {
	collections := []string{"roster_imports", "roster_portions", "roster_columns"}
	s.store.BindIDs(collections...)
	s.store.BindWriter(collections...)
	s.store.OnLead(s.Recover)
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if s.store.Leads() {
			s.Recover()
		}
		return e.Next()
	})
	s.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		s.stopping.Store(true)
		s.Wait()
		return e.Next()
	})
}

// MayImport refuses people who aren't of the administration of an establishment.
func MayImport(caller school.Person, establishment protocol.ID) error {
	switch {
	case establishment == 0 || !caller.Belongs(establishment):
		return school.ErrNotInSchool
	case caller.Role != protocol.RoleAdmin:
		return errForbidden
	}
	return nil
}

// Wait returns once nothing is applied or undone in the background.
func (s *Service) Wait() { s.running.Wait() }

// Plan reads files, compares them with the people of an establishment and returns the id of the
// plan. Nothing is changed yet. The importer is 0 for the command.
func (s *Service) Plan(importer, establishment protocol.ID, files []Upload, options Options) (protocol.ID, error) {
	if !s.reading.TryLock() {
		return 0, errReading
	}
	defer s.reading.Unlock()
	var err error
	if options.remembered, err = s.rememberedColumns(establishment); err != nil {
		return 0, err
	}
	read, err := Read(files, options)
	if err != nil {
		return 0, err
	}
	id, err := s.plan(importer, establishment, read)
	if err != nil || len(options.Columns) == 0 {
		return id, err
	}
	return id, s.rememberColumns(establishment, read.tables)
}

// PlanRoster is Plan for files that are read already.
func (s *Service) PlanRoster(importer, establishment protocol.ID, r *Roster) (protocol.ID, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.plan(importer, establishment, r)
}

func (s *Service) plan(importer, establishment protocol.ID, r *Roster) (protocol.ID, error) {
	made, err := s.compare(r, establishment, planOf{importer: importer, now: s.now()})
	if err != nil {
		return 0, err
	}
	return s.keepPlan(made, importer, establishment)
}

// keepPlan stores a plan, and deletes old ones.
func (s *Service) keepPlan(made *made, importer, establishment protocol.ID) (protocol.ID, error) {
	id, err := s.storePlan(made, importer, establishment)
	if err != nil {
		return 0, err
	}
	s.prune(establishment)
	return id, nil
}

// made is a plan before it is stored.
type made struct {
	roster      *Roster
	year        string
	fingerprint string
	counts      protocol.RosterCounts
	problems    []protocol.RosterProblem
	portions    [][]byte // the steps, as JSON
}

// sections cuts steps into portions, what is removed first: so undoing puts it back last, when
// the people it refers to are as they were.
type sections struct{ removals, others portioner }

func (c *sections) add(s step) error {
	if s.Action == protocol.RosterRemoved {
		return c.removals.add(s)
	}
	return c.others.add(s)
}

func (c *sections) end() ([][]byte, error) {
	err := errors.Join(c.removals.end(), c.others.end())
	return slices.Concat(c.removals.portions, c.others.portions), err
}

func (s *Service) compare(r *Roster, establishment protocol.ID, of planOf) (*made, error) {
	p, err := loadPresent(s.app, establishment)
	if err != nil {
		return nil, err
	}
	fingerprint, err := p.fingerprint()
	if err != nil {
		return nil, err
	}
	if err := p.loadElsewhere(s.app, r); err != nil {
		return nil, err
	}
	var cut sections
	plan := newPlanner(r, p, of, cut.add)
	if err := plan.run(); err != nil {
		return nil, err
	}
	portions, err := cut.end()
	if err != nil {
		return nil, err
	}
	return &made{roster: r, year: plan.year, fingerprint: fingerprint,
		counts: plan.counts, problems: plan.problems, portions: portions}, nil
}

var (
	errForbidden = refusal.New(protocol.CodeForbidden, "Only the administration of an establishment may import its people.")

	errReading  = refusal.TooManyRequests(10*time.Second, "Another import is being read.")
	errOutdated = refusal.New(protocol.CodePlanOutdated, "People or classes have changed since this import was planned.")
	errRunning  = refusal.New(protocol.CodePlanOutdated, "Another import of this establishment is being applied or undone.")
	errNotLast  = refusal.New(protocol.CodePlanOutdated, "Only the last import that was applied can be undone.")
)
