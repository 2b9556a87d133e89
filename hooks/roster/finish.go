package roster

import (
	"slices"

	"messagerie/hooks/protocol"
)

// finish ties together what the documents have said.
func (r *reading) finish() (*Roster, error) {
	r.resolveSIECLE()
	r.resolveChildren()
	r.resolveAgents()
	roster := r.roster
	if len(roster.People) == 0 {
		return nil, r.nobody()
	}
	if len(roster.People) > maxPeople {
		return nil, unreadable(Position{File: r.file}, "ces fichiers nomment plus de %d personnes", maxPeople)
	}
	there := map[string]bool{}
	for _, p := range roster.People {
		there[p.Role] = true
	}
	for _, role := range protocol.Roles {
		// No file takes the administration away from those who import it.
		if role != protocol.RoleAdmin && there[role] && r.isComplete(role) {
			roster.Complete = append(roster.Complete, role)
		}
	}
	return roster, nil
}

// isComplete reports whether the files name everybody who has a role. They don't where somebody was
// left out of whom nothing is known.
func (r *reading) isComplete(role string) bool {
	byTable := r.roster.Format == FormatTable && r.options.Complete
	return (r.complete[role] || byTable) && !slices.ContainsFunc(r.roster.LeftOut, func(p Person) bool {
		return (p.Role == role || p.Role == "") && (p.LastName == "" || p.FirstName == "") && p.ExternalID == "" && p.INE == ""
	})
}

// nobody refuses files without people: a complete import of nobody would have everybody leave.
func (r *reading) nobody() error {
	if len(r.roster.Problems) > 0 {
		first := r.roster.Problems[0]
		return unreadable(first.Position, "aucune ligne n'a pu être lue ; la première : %s", first.Message)
	}
	return unreadable(Position{File: r.file}, "ce fichier ne contient personne")
}
