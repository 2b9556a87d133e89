package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createRosterImports, dropRosterImports)
}

// The largest values of an import in bytes.
const (
	maxRosterBytes  = 64 << 20 // what the files say, compressed, and the problems in them
	maxPortionBytes = 8 << 20  // some dozens of changes
)

// createRosterImports creates the imports of people, with what each changes in portions. A portion
// is applied in one transaction, together with the record of how it was before.
func createRosterImports(app core.App) error {
	imports, err := newRosterImports(app)
	if err != nil {
		return err
	}
	if err := app.Save(imports); err != nil {
		return err
	}
	of, err := relationTo(app, "roster_imports", core.RelationField{
		Name: "import", Required: true, CascadeDelete: true, Presentable: true, Help: "L'importation."})
	if err != nil {
		return err
	}
	portions := newCollection("roster_portions")
	portions.Fields.Add(
		of,
		&core.NumberField{Name: "number", OnlyInt: true, Presentable: true, Help: "Sa place dans l'importation, à partir de 0."},
		&core.JSONField{Name: "steps", MaxSize: maxPortionBytes, Help: "Ce qui change."},
		&core.JSONField{Name: "journal", MaxSize: maxPortionBytes, Help: "Comment c'était avant : sert à annuler."},
		&core.BoolField{Name: "applied", Help: "Les changements de cette partie sont faits."},
	)
	addTimes(portions)
	portions.AddIndex("idx_roster_portions_number", true, "`import`, `number`", "")
	return app.Save(portions)
}

func newRosterImports(app core.App) (*core.Collection, error) {
	establishment, err := relationTo(app, "establishments", core.RelationField{
		Name: "establishment", Required: true, CascadeDelete: true, Presentable: true, Help: "L'établissement."})
	if err != nil {
		return nil, err
	}
	by, err := relationTo(app, "users", core.RelationField{
		Name: "created_by", Help: "Qui importe. Vide : la commande messagerie import."})
	if err != nil {
		return nil, err
	}
	c := newCollection("roster_imports")
	c.Fields.Add(
		establishment,
		&core.SelectField{Name: "state", Required: true, MaxSelect: 1, Values: protocol.RosterStates, Presentable: true,
			Help: "planned : prévue ; applying : en cours ; applied : faite ; failed : échouée, rien n'a changé ; undone : annulée."},
		by,
		&core.TextField{Name: "format", Max: 40, Help: "Le format des fichiers."},
		&core.TextField{Name: "encoding", Max: 40, Help: "L'encodage du texte."},
		&core.TextField{Name: "year", Max: 9, Help: "L'année scolaire."},
		&core.JSONField{Name: "files", Help: "Les fichiers, et le nombre de lignes de chacun."},
		&core.JSONField{Name: "complete", Help: "Les rôles dont les fichiers nomment tout le monde."},
		&core.JSONField{Name: "columns", Help: "Les colonnes d'un tableau, et ce qui a été compris."},
		&core.JSONField{Name: "counts", Help: "Combien de personnes, de classes… sont concernées."},
		&core.JSONField{Name: "problems", MaxSize: maxRosterBytes, Help: "Ce qui n'a pas pu être repris, et pourquoi."},
		&core.NumberField{Name: "problem_count", OnlyInt: true, Help: "Le nombre de problèmes."},
		&core.NumberField{Name: "portions", OnlyInt: true, Hidden: true, Help: "Le nombre de parties."},
		&core.TextField{Name: "fingerprint", Max: 64, Hidden: true, Help: "L'état des personnes et des classes au moment du plan."},
		&core.TextField{Name: "roster", Max: maxRosterBytes, Hidden: true, Help: "Le contenu des fichiers, tant que l'importation n'est pas faite."},
		&core.DateField{Name: "applied_at", Help: "Quand l'importation a été faite."},
	)
	addTimes(c)
	c.AddIndex("idx_roster_imports_establishment", false, "`establishment`, `id`", "")
	c.AddIndex("idx_roster_imports_created_by", false, "`created_by`", "")
	return c, nil
}

func dropRosterImports(app core.App) error {
	for _, name := range []string{"roster_portions", "roster_imports"} {
		if err := dropCollection(name)(app); err != nil {
			return err
		}
	}
	return nil
}
