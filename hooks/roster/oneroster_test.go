package roster_test

import (
	"testing"

	"messagerie/hooks/roster"
)

func TestRead_readsOneRoster11(t *testing.T) {
	want(t, read(t, roster.Options{}, zipped(t, "oneroster11/*.csv")), `
		oneroster utf-8 2026-2027 complete[teacher staff parent student]
		student Yasmine Benali born=2014-03-21 id=s1 mail=yasmine@example.org login=yasmine.b
		student Adam Benali id=s2 partial
		student Léo Martin id=s3 left=2026-10-15
		student Noé Morel id=s4 left=2026-10-16
		parent Samira Benali id=p1 mail=samira@example.org
		parent Karim Benali id=p2
		parent Fatima Haddad id=p3
		teacher Hélène Roux id=t1 mail=helene@example.org
		staff Paul Garnier id=a1
		admin Inès Blanc id=d1
		class 5e B / 05
		class Maths (MATH1) / 05
		class Maths (MATH2) / 05
		Yasmine Benali: student of 5e B
		Yasmine Benali: student of Maths (MATH1)
		Adam Benali: student of Maths (MATH2)
		Hélène Roux: head_teacher of 5e B
		Hélène Roux: teacher of Maths (MATH1)
		Samira Benali > Yasmine Benali legal
		Karim Benali > Yasmine Benali legal guardian
		Samira Benali > Adam Benali legal
		Fatima Haddad > Adam Benali contact relative
		export.zip/demographics.csv:3:4 invalid_date
		export.zip/users.csv:12:6 unknown_role
		export.zip/enrollments.csv:7:6 unknown_person
		export.zip/enrollments.csv:8:4 unknown_class
		left out:  Neil Armstrong`)
}

func TestRead_readsOneRoster12WithItsRoles(t *testing.T) {
	want(t, read(t, roster.Options{}, zipped(t, "oneroster12/*.csv")), `
		oneroster utf-8  complete[]
		student Yas Benali id=s1 login=yas
		teacher Hélène Roux id=t1 mail=helene@example.org
		class 5e B / 05
		Yas Benali: student of 5e B
		Hélène Roux: teacher of 5e B
		export.zip/users.csv:4:0 unknown_role
		left out:  Sans Role`)
}

func TestRead_saysThatARoleIsMissing(t *testing.T) {
	var said []string
	for _, problem := range read(t, roster.Options{}, zipped(t, "oneroster12/*.csv")).Problems {
		said = append(said, problem.Message)
	}
	if len(said) != 1 || said[0] != "Le rôle manque." {
		t.Errorf("it says %q", said)
	}
}
