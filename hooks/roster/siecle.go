package roster

import (
	"strings"

	"messagerie/hooks/protocol"
)

// siecle is what the files of SIECLE and STSWEB have said, until all are read.
type siecle struct {
	structures []structure
	adults     map[string]Person // by PERSONNE_ID: many aren't responsible for anybody any more
	adultIDs   []string          // in the order of the file
	links      []siecleLink
}

// structure is somebody's class or group.
type structure struct {
	person string // an ExternalID
	class  string
	role   string // one of protocol.ClassRoles
	at     Position
}

type siecleLink struct {
	adult, student string // PERSONNE_ID, ELEVE_ID
	legal          bool
	relation       string
	at             Position
}

func newSIECLE() siecle { return siecle{adults: map[string]Person{}} }

// siecleNames are the names of a person: NOM in older files, NOM_DE_FAMILLE in newer ones.
type siecleNames struct {
	Name   string `xml:"NOM"`
	Family string `xml:"NOM_DE_FAMILLE"`
	Usual  string `xml:"NOM_USAGE"`
	First  string `xml:"PRENOM"`
	Email  string `xml:"MEL"`
}

// person checks the names and the address of an element.
func (e *element) person(names siecleNames, id, role string) Person {
	p := Person{At: e.at, Role: role, ExternalID: e.text(e.at, "identifiant", id, maxExternalID)}
	for _, last := range []string{names.Usual, names.Family, names.Name} {
		if p.LastName == "" {
			p.LastName = e.text(e.at, "NOM", last, maxName)
		}
	}
	p.FirstName = e.text(e.at, "PRENOM", names.First, maxName)
	e.named(&p, e.at, e.at)
	p.Email = e.email(e.at, clean(names.Email))
	return p
}

// year reads the school year.
func (e *element) year() error {
	var year struct {
		Text  string `xml:",chardata"`
		Begin string `xml:"ANNEE,attr"`
	}
	if err := e.into(&year); err != nil {
		return err
	}
	if found := schoolYear(strings.TrimSpace(year.Begin + year.Text)); e.roster.Year == "" {
		e.roster.Year = found
	}
	return nil
}

// readStudents reads ElevesSansAdresses.xml, or ElevesAvecAdresses.xml.
func readStudents(r *reading, d *document) error {
	return r.eachElement(d, map[string]func(*element) error{
		"ANNEE_SCOLAIRE": (*element).year, "ELEVE": (*element).student, "STRUCTURES_ELEVE": (*element).structures,
	})
}

func (e *element) student() error {
	var data struct {
		siecleNames
		ID         string `xml:"ELEVE_ID,attr"`
		NationalID string `xml:"ID_NATIONAL"`
		INE        string `xml:"INE_BEA"`
		BirthDate  string `xml:"DATE_NAISS"`
		Left       string `xml:"DATE_SORTIE"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countRow(e.at); err != nil {
		return err
	}
	p := e.person(data.siecleNames, prefixed("eleve", data.ID), protocol.RoleStudent)
	if p.INE = e.ine(e.at, clean(data.NationalID)); p.INE == "" {
		p.INE = e.ine(e.at, clean(data.INE))
	}
	p.BirthDate, p.Left = e.day(e.at, data.BirthDate), e.left(e.at, data.Left)
	if e.bad {
		e.leaveOut(p)
		return nil
	}
	e.add(p)
	return nil
}

// prefixed tells the ids of students, adults and staff apart, which are numbers each.
func prefixed(prefix, id string) string {
	if id = strings.TrimSpace(id); id == "" {
		return ""
	}
	return prefix + "-" + id
}

func (e *element) structures() error {
	var data struct {
		Student    string `xml:"ELEVE_ID,attr"`
		Structures []struct {
			Code string `xml:"CODE_STRUCTURE"`
			Type string `xml:"TYPE_STRUCTURE"` // D division, G groupe
		} `xml:"STRUCTURE"`
	}
	if err := e.into(&data); err != nil {
		return err
	}
	if err := e.countLinks(e.at, len(data.Structures)); err != nil {
		return err
	}
	for _, s := range data.Structures {
		if kind := strings.TrimSpace(s.Type); kind == "D" || kind == "G" {
			e.siecle.structures = append(e.siecle.structures, structure{
				person: prefixed("eleve", data.Student), class: s.Code, role: protocol.InClassStudent, at: e.at,
			})
		}
	}
	return nil
}

// resolveSIECLE puts students and teachers into their classes, and adds the adults who are
// responsible for a student who is there.
func (r *reading) resolveSIECLE() {
	for _, s := range r.siecle.structures {
		p, class := r.byExternalID(s.person), clean(s.class)
		if p == nil || p.Left != "" || class == "" {
			continue // their own element has a problem
		}
		if e := (&entry{reading: r, at: s.at}); e.text(s.at, "CODE_STRUCTURE", class, maxName) == "" {
			p.Partial = true
			continue
		}
		r.enroll(p.Key, r.class(class, ""), s.role, s.at)
	}
	r.resolveLinks()
}
