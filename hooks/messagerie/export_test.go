package messagerie

import "messagerie/hooks/school"

// ExportedBudgets lets tests spend at once what would take a script a while.
type ExportedBudgets struct{ Renames, Mutes, Edits *school.Budget }

func (s *Service) Budgets() ExportedBudgets {
	b := s.budgets
	return ExportedBudgets{b.renames, b.mutes, b.edits}
}
