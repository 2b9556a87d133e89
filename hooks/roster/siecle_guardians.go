package roster

import (
	"strings"

	"messagerie/hooks/protocol"
)

// parentage is CODE_PARENTE, the nomenclature of SIECLE, and below 10 the one before it. Those that
// protocol.Relations has nothing for are "": éducateur (41), assistant familial (42), autre lien (90).
var parentage = map[string]string{
	"10": protocol.RelationMother, "2": protocol.RelationMother,
	"20": protocol.RelationFather, "1": protocol.RelationFather,
	"50": protocol.RelationGuardian, "3": protocol.RelationGuardian, // tuteur
	"51": protocol.RelationGuardian, "5": protocol.RelationGuardian, // aide sociale à l'enfance
	"37": protocol.RelationRelative,                                 // fratrie
	"38": protocol.RelationRelative,                                 // ascendant
	"39": protocol.RelationRelative, "4": protocol.RelationRelative, // autre membre de la famille
}

// isThemselves reports whether CODE_PARENTE says that students of age are responsible for themselves.
func isThemselves(code string) bool { return code == "70" || code == "7" }

// readGuardians reads ResponsablesAvecAdresses.xml.
func readGuardians(r *reading, d *document) error {
	return r.eachElement(d, map[string]func(*element) error{
		"ANNEE_SCOLAIRE": (*element).year, "PERSONNE": (*element).adult, "RESPONSABLE_ELEVE": (*element).link,
	})
}

// adult reads a person. LC_CIVILITE (M., MME) doesn't say who they are to a child.
func (e *element) adult() error {
	var data struct {
		siecleNames
		ID string `xml:"PERSONNE_ID,attr"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countRow(e.at); err != nil {
		return err
	}
	id := strings.TrimSpace(data.ID)
	p := e.person(data.siecleNames, prefixed("personne", id), protocol.RoleParent)
	if e.bad {
		e.leaveOut(p)
		return nil
	}
	if _, known := e.siecle.adults[id]; known || id == "" {
		e.problem(e.at, ProblemDuplicate, "PERSONNE_ID « %s » manque ou désigne déjà une autre personne.", id)
		e.leaveOut(p)
		return nil
	}
	e.siecle.adults[id] = p
	e.siecle.adultIDs = append(e.siecle.adultIDs, id)
	return nil
}

// link reads who is responsible for a student. RESP_LEGAL is going: it counts where
// NIVEAU_RESPONSABILITE isn't there.
func (e *element) link() error {
	var data struct {
		Student string `xml:"ELEVE_ID"`
		Adult   string `xml:"PERSONNE_ID"`
		Level   string `xml:"NIVEAU_RESPONSABILITE"`
		Legal   string `xml:"RESP_LEGAL"`
		Code    string `xml:"CODE_PARENTE"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countLinks(e.at, 1); err != nil {
		return err
	}
	level, code := strings.TrimSpace(data.Level), strings.TrimLeft(strings.TrimSpace(data.Code), "0")
	if level == "" {
		level = strings.TrimSpace(data.Legal)
	}
	if !isThemselves(code) {
		e.siecle.links = append(e.siecle.links, siecleLink{
			adult: strings.TrimSpace(data.Adult), student: strings.TrimSpace(data.Student),
			legal: level == "1" || level == "2", relation: parentage[code], at: e.at,
		})
	}
	return nil
}

// resolveLinks adds the adults who are responsible for a student who is there; SIECLE keeps the
// others for years. Without a file of students it adds all who have a link.
func (r *reading) resolveLinks() {
	byAdult := map[string][]siecleLink{}
	for _, link := range r.siecle.links {
		byAdult[link.adult] = append(byAdult[link.adult], link)
	}
	withStudents := r.complete[protocol.RoleStudent]
	if len(byAdult) > 0 && !withStudents {
		r.problem(Position{File: r.siecle.links[0].at.File}, ProblemMissingStudents,
			"Importez le fichier des élèves avec celui des responsables : sans lui, rien ne dit de qui ils sont responsables.")
	}
	for _, id := range r.siecle.adultIDs {
		if guardianships, partial := r.studentsOf(byAdult[id]); len(guardianships) > 0 || partial {
			p := r.siecle.adults[id]
			p.Partial = partial
			key, ok := r.add(p)
			for _, g := range guardianships {
				if g.Guardian = key; ok {
					r.guard(g)
				}
			}
		}
	}
}

// studentsOf returns whom an adult is responsible for, of those who are there. partial reports
// whether some of them aren't known.
func (r *reading) studentsOf(links []siecleLink) (guardianships []Guardianship, partial bool) {
	for _, link := range links {
		student := r.byExternalID(prefixed("eleve", link.student))
		switch {
		case student == nil:
			partial = partial || !r.complete[protocol.RoleStudent] || r.leftOut[prefixed("eleve", link.student)]
		case student.Left == "":
			guardianships = append(guardianships, Guardianship{
				Student: student.Key, Legal: link.legal, Relation: link.relation, At: link.at,
			})
		}
	}
	return guardianships, partial
}
