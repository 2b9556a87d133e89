package messagerie

import "messagerie/hooks/school"

// ExportedBudgets lets tests spend a whole budget in one call.
type ExportedBudgets struct{ Renames, Mutes, Edits *school.Budget }

func (s *Service) Budgets() ExportedBudgets {
	b := s.budgets
	return ExportedBudgets{b.renames, b.mutes, b.edits}
}
