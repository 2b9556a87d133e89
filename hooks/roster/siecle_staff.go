package roster

import (
	"strings"

	"messagerie/hooks/protocol"
)

// readStaff reads sts_emp_UAI_YEAR.xml.
func readStaff(r *reading, d *document) error {
	return r.eachElement(d, map[string]func(*element) error{
		"ANNEE_SCOLAIRE": (*element).year, "INDIVIDU": (*element).individual,
		"DIVISION": (*element).taught, "GROUPE": (*element).taught,
	})
}

// individual reads somebody who works at the school. Nobody becomes an administrator by it, not
// the head either: that is for the school to decide.
func (e *element) individual() error {
	var data struct {
		siecleNames
		ID        string   `xml:"ID,attr"`
		Type      string   `xml:"TYPE,attr"`
		Maiden    string   `xml:"NOM_PATRONYMIQUE"`
		BirthDate string   `xml:"DATE_NAISSANCE"`
		Function  string   `xml:"FONCTION"`
		Head      []string `xml:"PROFS_PRINC>PROF_PRINC>CODE_STRUCTURE"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countRow(e.at); err != nil {
		return err
	}
	if data.Family == "" {
		data.Family = data.Maiden
	}
	role := protocol.RoleStaff
	switch strings.ToUpper(strings.TrimSpace(data.Function)) {
	case "ENS", "DOC": // enseignement, documentation
		role = protocol.RoleTeacher
	}
	p := e.person(data.siecleNames, individualID(data.Type, data.ID), role)
	p.BirthDate = e.day(e.at, data.BirthDate)
	if e.bad {
		e.leaveOut(p)
		return nil
	}
	if err := e.countLinks(e.at, len(data.Head)); err != nil {
		return err
	}
	if _, ok := e.add(p); ok {
		for _, class := range data.Head {
			e.siecle.structures = append(e.siecle.structures, structure{
				person: p.ExternalID, class: class, role: protocol.InClassHeadTeacher, at: e.at,
			})
		}
	}
	return nil
}

// individualID is the id of somebody in STSWEB: those of the ministry (epp) and those that the
// school has added (local) are numbered apart.
func individualID(kind, id string) string {
	if kind = strings.ToLower(strings.TrimSpace(kind)); kind != "" {
		return prefixed("individu-"+kind, id)
	}
	return prefixed("individu", id)
}

// taught reads who teaches a class or a group.
func (e *element) taught() error {
	var data struct {
		Code     string `xml:"CODE,attr"`
		Teachers []struct {
			ID   string `xml:"ID,attr"`
			Type string `xml:"TYPE,attr"`
		} `xml:"SERVICES>SERVICE>ENSEIGNANTS>ENSEIGNANT"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countLinks(e.at, len(data.Teachers)); err != nil {
		return err
	}
	for _, teacher := range data.Teachers {
		e.siecle.structures = append(e.siecle.structures, structure{
			person: individualID(teacher.Type, teacher.ID), class: data.Code, role: protocol.InClassTeacher, at: e.at,
		})
	}
	return nil
}
