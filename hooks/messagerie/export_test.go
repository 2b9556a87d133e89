package messagerie

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/school"
)

// ExportedBudgets lets tests spend a whole budget in one call.
type ExportedBudgets struct{ Renames, Mutes, Edits, Reactions, Pins *school.Budget }

func (s *Service) Budgets() ExportedBudgets {
	b := s.budgets
	return ExportedBudgets{b.renames, b.states, b.edits, b.reactions, b.pins}
}

// FastPaths reports which of messages and participants may be written without records now.
func (s *Service) FastPaths() (messages, participants bool) {
	return s.fastMessages.IsOpen(s.app), s.fastParticipants.IsOpen(s.app)
}

// Insert stores a message as the writer does, after the sender's own checks.
func (s *Service) Insert(m NewMessage) error {
	return s.store.Save(func(tx core.App) error {
		_, err := s.insertMessage(tx, m)
		return err
	})
}

// MaxScheduled is how many messages of one person may wait.
const MaxScheduled = maxScheduled
