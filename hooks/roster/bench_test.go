package roster_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"messagerie/hooks/roster"
)

// The files of 20 000 people: 8000 students and 12 000 guardians.
const (
	benchStudents  = 8000
	benchGuardians = 12_000
)

func BenchmarkRead_20000PeopleOfONDE(b *testing.B) {
	var pupils, adults strings.Builder
	pupils.WriteString("Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Niveau;Libellé classe\r\n")
	for i := range benchStudents {
		fmt.Fprintf(&pupils, "FAMILLE%d;;Prénom%d;%02d/%02d/2016;F;%09dAA;CM1;Classe de Mme Œuvrard %d\r\n", i/2, i, i%28+1, i%12+1, i, i/25)
	}
	adults.WriteString("Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Courriel" +
		strings.Repeat(";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants", 2) + "\r\n")
	for i := range benchGuardians {
		child := i % benchStudents
		fmt.Fprintf(&adults, "MME;;RESPONSABLE%d;Aïcha;r%d@example.org;;FAMILLE%d;Prénom%d;;;FAMILLE%d;Prénom%d;\r\n",
			i, i, child/2, child, (child^1)/2, child^1)
	}
	bench(b, upload("a.csv", []byte(pupils.String())), upload("b.csv", []byte(adults.String())))
}

func BenchmarkRead_20000PeopleOfSIECLE(b *testing.B) {
	var students, guardians strings.Builder
	students.WriteString("<BEE_ELEVES><DONNEES><ELEVES>")
	for i := range benchStudents {
		fmt.Fprintf(&students, "<ELEVE ELEVE_ID=\"%d\"><ID_NATIONAL>%09dAA</ID_NATIONAL><NOM_DE_FAMILLE>FAMILLE</NOM_DE_FAMILLE>"+
			"<PRENOM>Prénom%d</PRENOM><DATE_NAISS>01/02/2014</DATE_NAISS>%s</ELEVE>\n", i, i, i, strings.Repeat("<AUTRE>non</AUTRE>", 30))
	}
	students.WriteString("</ELEVES><STRUCTURES>")
	for i := range benchStudents {
		fmt.Fprintf(&students, "<STRUCTURES_ELEVE ELEVE_ID=\"%d\"><STRUCTURE><CODE_STRUCTURE>C%d</CODE_STRUCTURE>"+
			"<TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n", i, i/25)
	}
	students.WriteString("</STRUCTURES></DONNEES></BEE_ELEVES>")
	guardians.WriteString("<BEE_RESPONSABLES><DONNEES><PERSONNES>")
	for i := range benchGuardians {
		fmt.Fprintf(&guardians, "<PERSONNE PERSONNE_ID=\"%d\"><NOM>R%d</NOM><PRENOM>Aïcha</PRENOM><MEL>r%d@example.org</MEL></PERSONNE>\n", i, i, i)
	}
	guardians.WriteString("</PERSONNES><RESPONSABLES>")
	for i := range benchGuardians {
		fmt.Fprintf(&guardians, "<RESPONSABLE_ELEVE><ELEVE_ID>%d</ELEVE_ID><PERSONNE_ID>%d</PERSONNE_ID><CODE_PARENTE>10</CODE_PARENTE>"+
			"<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE></RESPONSABLE_ELEVE>\n", i%benchStudents, i)
	}
	guardians.WriteString("</RESPONSABLES></DONNEES></BEE_RESPONSABLES>")
	bench(b, upload("a.xml", []byte(students.String())), upload("b.xml", []byte(guardians.String())))
}

// bench also reports the heap that the process has taken from the system, the files included: it
// only grows.
func bench(b *testing.B, files ...roster.Upload) {
	b.ReportAllocs()
	defer func() {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(memory.HeapSys)/(1<<20), "MiB-heap")
	}()
	for b.Loop() {
		got := read(b, roster.Options{}, files...)
		if people := len(got.People); people != benchStudents+benchGuardians || len(got.Guardianships) < benchGuardians || len(got.Problems) > 0 {
			b.Fatalf("%d people, %d guardianships, %d problems", people, len(got.Guardianships), len(got.Problems))
		}
	}
}
