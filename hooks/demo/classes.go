package demo

import (
	"fmt"
	"time"

	"messagerie/hooks/protocol"
)

// class is a class of the demo, its people by their logins.
type class struct {
	name, level string
	school      protocol.ID
	head        string
	teachers    []string
	students    []string
}

// classes are numbered from 1, in this order.
var classes = []class{
	{
		name: "5e B", level: "5e", school: collegeID, head: "claire.martin",
		teachers: []string{"jerome.lefevre", "jb.nguyen", "emily.clarke", "ousmane.diallo", "maelle.legoff", "francoise.nunez", "chloe.dangelo"},
		students: []string{"zoe.marchand", "yasmine.benali", "hugo.garcon", "noe.lambert", "lea.yilmaz", "moussa.ba", "mael.kerguelen", "ines.wojcik", "awa.diallo"},
	}, {
		name: "4e A", level: "4e", school: collegeID, head: "andre.lemaitre",
		teachers: []string{"claire.martin", "jerome.lefevre", "emily.clarke"},
		students: []string{"minh.pham", "anaelle.faure", "theo.besancon", "adam.benali2"},
	}, {
		name: "Latin", school: collegeID, head: "raphael.levy",
		students: []string{"yasmine.benali", "anaelle.faure"},
	}, {
		name: "CM1", level: "CM1", school: primaryID, head: "solene.gueho",
		students: []string{"adam.benali"},
	}, {
		name: "CM2", level: "CM2", school: primaryID, head: "cecile.pecheur",
		students: []string{"gabin.garcon"},
	},
}

// family is who is responsible for whom.
type family struct {
	guardian string
	relation string // one of protocol.Relations
	contact  bool   // without parental authority
	children []string
}

var families = []family{
	{guardian: "fatima.benali", relation: protocol.RelationMother, children: []string{"yasmine.benali", "adam.benali"}},
	{guardian: "omar.benali", relation: protocol.RelationFather, children: []string{"adam.benali2"}},
	{guardian: "thomas.marchand", relation: protocol.RelationFather, children: []string{"zoe.marchand"}},
	{guardian: "elodie.garcon", relation: protocol.RelationMother, children: []string{"hugo.garcon", "gabin.garcon"}},
	{guardian: "sophie.lambert", relation: protocol.RelationMother, children: []string{"noe.lambert"}},
	{guardian: "mehmet.yilmaz", relation: protocol.RelationFather, children: []string{"lea.yilmaz"}},
	{guardian: "aissatou.ba", relation: protocol.RelationMother, children: []string{"moussa.ba"}},
	{guardian: "loic.kerguelen", relation: protocol.RelationGuardian, children: []string{"mael.kerguelen"}},
	{guardian: "agnieszka.wojcik", relation: protocol.RelationMother, children: []string{"ines.wojcik"}},
	{guardian: "linh.pham", relation: protocol.RelationMother, children: []string{"minh.pham"}},
	{guardian: "nathalie.faure", relation: protocol.RelationRelative, contact: true, children: []string{"anaelle.faure"}},
	{guardian: "ousmane.diallo", relation: protocol.RelationFather, children: []string{"awa.diallo"}}, // a teacher
}

func (f *filling) classes() error {
	for i, c := range classes {
		id := protocol.ID(i + 1)
		err := f.save("classes", id, f.opening, map[string]any{
			"name": c.name, "level": c.level, "year": yearOf(f.now), "establishment": c.school.RecordID()})
		if err != nil {
			return err
		}
		for role, logins := range map[string][]string{
			protocol.InClassHeadTeacher: {c.head}, protocol.InClassTeacher: c.teachers, protocol.InClassStudent: c.students,
		} {
			for _, login := range logins {
				err := f.save("enrollments", 0, f.opening, map[string]any{
					"class": id.RecordID(), "user": f.ids[login].RecordID(), "role": role})
				if err != nil {
					return fmt.Errorf("%s in %s: %w", login, c.name, err)
				}
			}
		}
	}
	return nil
}

// yearOf is the year of a day, such as 2026-2027: it begins in August.
func yearOf(now time.Time) string {
	year := now.Year()
	if now.Month() < time.August {
		year--
	}
	return fmt.Sprintf("%d-%d", year, year+1)
}

func (f *filling) families() error {
	for _, family := range families {
		for _, child := range family.children {
			err := f.save("guardianships", 0, f.opening, map[string]any{
				"guardian": f.ids[family.guardian].RecordID(), "student": f.ids[child].RecordID(),
				"legal": !family.contact, "relation": family.relation})
			if err != nil {
				return fmt.Errorf("%s of %s: %w", family.guardian, child, err)
			}
		}
	}
	return nil
}
