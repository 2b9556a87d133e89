package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// exchange is a question and the answers that fit it. {élève} and {salle} are
// filled in. The sentences suit girls and boys alike, because the names vary.
type exchange struct {
	questions, answers []string
}

var exchanges = []exchange{{
	questions: []string{
		"{élève} n'est pas en cours, avez-vous une information ?",
		"Je n'ai pas {élève} en classe ce matin, est-ce normal ?",
		"Il me manque {élève} à l'appel. Un mot de la famille ?",
	},
	answers: []string{
		"Oui, la famille a appelé : retour prévu demain.",
		"Rendez-vous médical, retour en début d'après-midi.",
		"Rien pour l'instant, j'appelle la maison et je vous tiens au courant.",
		"C'est prévu : le mot est dans le carnet, signé.",
	},
}, {
	questions: []string{
		"{élève} vient d'arriver avec vingt minutes de retard et sans billet.",
		"Encore un retard de {élève}, le troisième cette semaine.",
	},
	answers: []string{
		"Je vois ça à la récréation.",
		"Le bus de 8 h a eu un problème, plusieurs élèves sont concernés.",
		"Envoyez-moi {élève} à la fin de l'heure, s'il vous plaît.",
	},
}, {
	questions: []string{
		"La salle {salle} est fermée à clé, quelqu'un peut-il ouvrir ?",
		"Le vidéoprojecteur de la salle {salle} ne s'allume plus.",
		"Il fait quinze degrés en salle {salle}, le chauffage est-il coupé ?",
	},
	answers: []string{
		"J'envoie quelqu'un tout de suite.",
		"L'agent passe dans cinq minutes.",
		"C'est signalé. En attendant, la salle voisine est libre.",
	},
}, {
	questions: []string{
		"Puis-je vous confier {élève} en étude pour finir son devoir ?",
		"{élève} n'a pas ses affaires, c'est possible de travailler en étude cette heure-ci ?",
	},
	answers: []string{
		"Oui, il reste de la place en étude.",
		"Bien sûr, avec un travail écrit si possible.",
		"D'accord, mais seulement jusqu'à la récréation.",
	},
}, {
	questions: []string{
		"{élève} se plaint d'un mal de ventre, je peux l'envoyer à l'infirmerie ?",
		"{élève} s'est fait mal au poignet en tombant dans l'escalier.",
	},
	answers: []string{
		"Oui, avec un camarade. Je préviens Mme Le Floc'h.",
		"J'arrive.",
		"L'infirmière attend. J'appelle aussi la famille.",
	},
}, {
	questions: []string{
		"Une bonne nouvelle pour changer : {élève} a eu la meilleure note de la classe.",
		"{élève} a aidé tout le monde à ranger la salle {salle}, je tenais à le signaler.",
	},
	answers: []string{
		"Voilà qui fait plaisir ! Je le mets dans le dossier.",
		"Excellent, j'en dirai un mot à la famille.",
	},
}}

var (
	thanks = []string{
		"Merci beaucoup !", "Parfait, merci.", "Très bien, merci.", "Merci pour la réponse rapide.",
		"Super, merci Karim.", "D'accord, je note.", "Entendu, merci.", "Merci, c'est plus clair.",
	}
	closings = []string{
		"Je vous en prie.", "Avec plaisir.", "À votre service !", "Bonne journée.", "Bon courage pour la suite !",
	}
	rooms = []string{"101", "104", "112", "203", "204", "207", "B12"}
)

// attendance is two weeks of messages between a teacher and the school office: enough
// for several pages, and the same each time.
func attendance(teacher, office string) []line {
	const schoolDays, exchangesADay = 10, 4
	random := rand.New(rand.NewPCG(5, 'B')) // any constants would do
	deal := dealer(random)
	var lines []line
	for day := schoolDays; day >= 1; day-- {
		clock := 8*60 + 5
		speak := func(by, text string) {
			lines = append(lines, said(on(day, fmt.Sprintf("%02d:%02d", clock/60, clock%60)), by, text))
			clock += 1 + random.IntN(6)
		}
		for range exchangesADay {
			about := exchanges[random.IntN(len(exchanges))]
			names := strings.NewReplacer("{élève}", deal(pupils()), "{salle}", deal(rooms))
			speak(teacher, names.Replace(deal(about.questions)))
			speak(office, names.Replace(deal(about.answers)))
			speak(teacher, deal(thanks))
			if random.IntN(3) == 0 {
				speak(office, deal(closings))
			}
			clock += 60 + random.IntN(45)
		}
	}
	return append(lines, said(on(1, "17:45"), office,
		"Dernière chose pour aujourd'hui : la réunion de demain est avancée d'un quart d'heure."))
}

// dealer draws from lists of texts as from shuffled packs of cards: no text comes twice
// before all others have come.
func dealer(random *rand.Rand) func(texts []string) string {
	packs := map[string][]string{}
	return func(texts []string) string {
		pack := packs[texts[0]]
		if len(pack) == 0 {
			pack = append(pack, texts...)
			random.Shuffle(len(pack), func(i, j int) { pack[i], pack[j] = pack[j], pack[i] })
		}
		packs[texts[0]] = pack[1:]
		return pack[0]
	}
}

// pupils returns the names of the college's students.
func pupils() []string {
	var names []string
	for _, p := range people {
		if p.role == student && p.schools[0] == collegeID {
			names = append(names, p.first+" "+p.last)
		}
	}
	return names
}
