package roster

import (
	"fmt"
	"time"

	"messagerie/hooks/protocol"
)

// The codes of the problems that a plan adds to those of the files.
const (
	ProblemNeedsDecision = "needs_decision" // somebody of that name is there: the same person, or somebody new?
	ProblemElsewhere     = "elsewhere"      // they have an account in another establishment, which no import may claim
	ProblemAddressTaken  = "address_taken"  // the address is somebody else's: only the address is left out
	ProblemManyLeaving   = "many_leaving"   // a warning: perhaps the files aren't complete
)

// step is one change of a record.
type step struct {
	Kind   string                `json:"kind"`
	Action string                `json:"action"`
	Hidden bool                  `json:"hidden,omitempty"` // nothing that people see changes
	Record string                `json:"record,omitempty"` // the id; "" for one that is created
	Key    string                `json:"key,omitempty"`    // of one that is created, by which later steps refer to it
	Fields map[string]any        `json:"fields,omitempty"` // to set
	Refs   map[string]string     `json:"refs,omitempty"`   // fields to set to the ids of what has these keys
	Before protocol.RosterFields `json:"before,omitempty"`
	After  protocol.RosterFields `json:"after,omitempty"`
}

// collections are those of the kinds.
var collections = map[string]string{
	protocol.RosterPeople:        "users",
	protocol.RosterClasses:       "classes",
	protocol.RosterEnrollments:   "enrollments",
	protocol.RosterGuardianships: "guardianships",
}

// ref names a record that exists, by its id, or one that the plan creates, by its key.
type ref struct{ id, key string }

// planner compares a roster with an establishment, and turns the differences into steps.
type planner struct {
	roster   *Roster
	present  *present
	matching *matching
	importer string // the id of whoever imports, who never leaves by it
	year     string // the school year of the classes
	today    string // as a date field has it

	complete map[string]bool // roles
	people   map[string]*Person
	owners   map[string]*account // of addresses that are in use, by the address in small letters
	given    map[string]bool     // addresses that this plan gives to somebody
	created  map[string]bool     // the keys of people whom this plan creates
	leaving  map[string]bool     // ids
	roles    map[ref]string      // of the roster's people, after the import
	classes  map[string]ref      // by the name in small letters

	classNames map[ref]string

	counts   protocol.RosterCounts
	problems []protocol.RosterProblem
	emit     func(step) error
}

// planOf is what a planner is told besides the roster and the establishment.
type planOf struct {
	importer  protocol.ID
	decisions Decisions
	now       time.Time
}

// newPlanner matches the roster's people. emit takes the steps in the order in which they are to
// be applied.
func newPlanner(r *Roster, p *present, of planOf, emit func(step) error) *planner {
	plan := &planner{
		roster: r, present: p, matching: match(r, p, of.decisions), importer: of.importer.RecordID(),
		year: r.Year, today: of.now.UTC().Format(dateLayout),
		complete: map[string]bool{}, people: map[string]*Person{}, owners: map[string]*account{}, given: map[string]bool{},
		created: map[string]bool{}, leaving: map[string]bool{}, roles: map[ref]string{}, classes: map[string]ref{},
		classNames: map[ref]string{}, emit: emit,
	}
	if plan.year == "" {
		plan.year = yearAt(of.now)
	}
	for _, role := range r.Complete {
		plan.complete[role] = true
	}
	for i := range r.People {
		plan.people[r.People[i].Key] = &r.People[i]
	}
	for _, problem := range r.Problems {
		plan.problem(problem.Position, problem.Code, problem.Message)
	}
	return plan
}

// dateLayout is how PocketBase stores a date.
const dateLayout = "2006-01-02 15:04:05.000Z"

// yearAt returns the school year of a day; a new one begins in August, when it is prepared.
func yearAt(now time.Time) string {
	first := now.Year()
	if now.Month() < time.August {
		first--
	}
	return fmt.Sprintf("%d-%d", first, first+1)
}

// run emits all steps.
func (p *planner) run() error {
	for _, part := range []func() error{
		p.planClasses, p.planPeople, p.planLeaving, p.planEnrollments, p.planGuardianships,
	} {
		if err := part(); err != nil {
			return err
		}
	}
	p.planQuestions()
	return nil
}

// refTo returns the record of one of the roster's people; false for somebody who is left out.
func (p *planner) refTo(key string) (ref, bool) {
	key = p.matching.primary(key)
	person := p.people[key]
	if person == nil || person.Left != "" {
		return ref{}, false
	}
	if a := p.matching.accounts[key]; a != nil {
		return ref{id: a.ID}, true
	}
	return ref{key: key}, p.created[key]
}

func (p *planner) problem(at Position, code, message string) {
	p.problems = append(p.problems, protocol.RosterProblem{
		File: at.File, Line: at.Line, Column: at.Column, Code: code, Message: message})
}

// planQuestions adds the rows that need a decision to the problems.
func (p *planner) planQuestions() {
	for i := range p.roster.People {
		person := &p.roster.People[i]
		candidates := p.matching.open[person.Key]
		if candidates == nil {
			continue
		}
		question := protocol.RosterProblem{
			File: person.At.File, Line: person.At.Line, Column: person.At.Column, Code: ProblemNeedsDecision, Key: person.Key,
			Message: fmt.Sprintf("%s porte le nom ou l'adresse d'une personne déjà présente : est-ce la même ? "+
				"Sans réponse, cette ligne n'est pas reprise.", fullName(person.FirstName, person.LastName)),
		}
		for _, a := range candidates {
			question.Candidates = append(question.Candidates, candidate(a))
		}
		p.problems = append(p.problems, question)
	}
}
