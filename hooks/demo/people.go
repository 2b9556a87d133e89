package demo

import "messagerie/hooks/protocol"

// The domain of all addresses, and the password of everybody and of the superuser. The
// domain is one of those reserved for examples (RFC 2606): no letter reaches anybody.
const (
	Domain    = "demo.example"
	Password  = "messagerie-demo"
	Superuser = "admin@" + Domain
)

const timezone = "Europe/Paris"

// Low ids, as an import would have: they are easy to read in a first curl.
const (
	collegeID protocol.ID = 1
	primaryID protocol.ID = 2
)

var establishments = []protocol.Establishment{
	{ID: collegeID, Name: "Collège Jean-Moulin"},
	{ID: primaryID, Name: "École primaire Les Tilleuls"},
}

// The establishments that somebody may belong to.
var (
	college = []protocol.ID{collegeID}
	primary = []protocol.ID{primaryID}
	both    = []protocol.ID{collegeID, primaryID}
)

// Login is a person whose address the demo prints.
type Login struct {
	Email string
	Who   string // in French and in English
}

// Logins are the four people to try the demo as: one of each kind.
func Logins() []Login {
	return []Login{
		{address("claire.martin"), "Claire Martin, professeure de français / teacher"},
		{address("fatima.benali"), "Fatima Benali, mère d'élève / parent"},
		{address("laetitia.coeur"), "Lætitia Cœur, secrétariat / staff"},
		{address("zoe.marchand"), "Zoë Marchand, élève de 5e B / student"},
	}
}

func address(login string) string { return login + "@" + Domain }

// person is somebody of the demo, known by the part of the address before the @, or by the username.
type person struct {
	login       string
	first, last string
	role        string
	schools     []protocol.ID
	traits
}

// traits are what few people have.
type traits struct {
	english     bool // reads the screens in English
	showAddress bool // lets everybody see the address
	disabled    bool // has left the school
	noAddress   bool // logs in with a username: the login
}

const (
	admin   = protocol.RoleAdmin
	teacher = protocol.RoleTeacher
	staff   = protocol.RoleStaff
	parent  = protocol.RoleParent
	student = protocol.RoleStudent
)

// people are numbered from 1, in this order.
var people = []person{
	{"claire.martin", "Claire", "Martin", teacher, college, traits{}},
	{"fatima.benali", "Fatima", "Benali", parent, both, traits{}}, // mother of Yasmine, and of Adam at the école
	{"laetitia.coeur", "Lætitia", "Cœur", staff, college, traits{}},
	{"zoe.marchand", "Zoë", "Marchand", student, college, traits{}},

	{"helene.vasseur", "Hélène", "Vasseur", admin, college, traits{}},
	{"karim.haddad", "Karim", "Haddad", staff, college, traits{}},       // vie scolaire
	{"anais.lefloch", "Anaïs", "Le Floc'h", staff, college, traits{}},   // infirmerie
	{"jerome.lefevre", "Jérôme", "Lefèvre", teacher, college, traits{}}, // mathématiques
	{"jb.nguyen", "Jean-Baptiste", "N'Guyen", teacher, college, traits{}},
	{"emily.clarke", "Emily", "Clarke", teacher, college, traits{english: true}},
	{"ousmane.diallo", "Ousmane", "Diallo", teacher, college, traits{}}, // SVT
	{"maelle.legoff", "Maëlle", "Le Goff", teacher, college, traits{}},  // EPS
	{"francoise.nunez", "Françoise", "Núñez", teacher, college, traits{}},
	{"andre.lemaitre", "André", "Lemaître", teacher, college, traits{}},
	{"chloe.dangelo", "Chloé", "D'Angelo", teacher, college, traits{}},          // arts plastiques
	{"raphael.levy", "Raphaël", "Lévy", teacher, college, traits{}},             // CDI
	{"gisele.huet", "Gisèle", "Huët", teacher, college, traits{disabled: true}}, // retired: an account that is closed

	{"thomas.marchand", "Thomas", "Marchand", parent, college, traits{showAddress: true}},
	{"elodie.garcon", "Élodie", "Garçon", parent, both, traits{}},
	{"sophie.lambert", "Sophie", "Lambert-Dubois", parent, college, traits{showAddress: true}},
	{"mehmet.yilmaz", "Mehmet", "Yılmaz", parent, college, traits{}},
	{"aissatou.ba", "Aïssatou", "Bâ", parent, college, traits{}},
	{"loic.kerguelen", "Loïc", "Kerguélen", parent, college, traits{}},
	{"agnieszka.wojcik", "Agnieszka", "Wójcik", parent, college, traits{}},
	{"linh.pham", "Linh", "Phạm", parent, college, traits{}},
	{"nathalie.faure", "Nathalie", "Fauré", parent, college, traits{}},

	{"yasmine.benali", "Yasmine", "Benali", student, college, traits{}},
	{"hugo.garcon", "Hugo", "Garçon", student, college, traits{}},
	{"noe.lambert", "Noé", "Lambert-Dubois", student, college, traits{}},
	{"lea.yilmaz", "Léa", "Yılmaz", student, college, traits{}},
	{"moussa.ba", "Moussa", "Bâ", student, college, traits{}},
	{"mael.kerguelen", "Maël", "Kerguélen", student, college, traits{}},
	{"ines.wojcik", "Inès", "Wójcik", student, college, traits{}},
	{"minh.pham", "Minh", "Phạm", student, college, traits{}},
	{"anaelle.faure", "Anaëlle", "Fauré", student, college, traits{}},
	{"theo.besancon", "Théo", "Besançon", student, college, traits{}},

	{"benoit.chatelain", "Benoît", "Châtelain", admin, primary, traits{}},
	{"cecile.pecheur", "Cécile", "Pêcheur", teacher, primary, traits{}},
	{"solene.gueho", "Solène", "Guého", teacher, primary, traits{}},
	{"odile.mader", "Odile", "Mäder", staff, primary, traits{}},
	{"youssef.elamrani", "Youssef", "El Amrani", parent, primary, traits{}},
	{"penelope.saintcyr", "Pénélope", "Saint-Cyr", parent, primary, traits{}},
	{"gabin.garcon", "Gabin", "Garçon", student, primary, traits{}},

	// People without an address, and two of the same name: families of their own.
	{"adam.benali", "Adam", "Benali", student, primary, traits{noAddress: true}},
	{"adam.benali2", "Adam", "Benali", student, college, traits{noAddress: true}},
	{"omar.benali", "Omar", "Benali", parent, college, traits{noAddress: true}}, // father of the one in 4e A
	{"awa.diallo", "Awa", "Diallo", student, college, traits{noAddress: true}},  // her father teaches here
}
