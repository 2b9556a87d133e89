package demo

import (
	"time"

	"messagerie/hooks/protocol"
)

// thread is a conversation. Without a title it is the direct one of two people.
type thread struct {
	school     protocol.ID
	title      string
	people     []string // logins; the first one created it
	lines      []line
	unread     map[string]int // how many of the newest lines somebody hasn't read
	unreceived map[string]int // of those, how many haven't reached a device
	mutedBy    string
}

// line is one message.
type line struct {
	at   moment
	by   string
	text string
	marks
}

// marks are what few messages have.
type marks struct {
	replyTo int // number of the line of this thread that it replies to, from 1
	edited  bool
	deleted bool
	before  string // what it said before it was edited

	reactions []reaction
	mentions  []string // logins
	pinned    bool
}

// reaction is an emoji of several people.
type reaction struct {
	emoji string
	by    []string // logins
}

// said is a message without marks.
func said(at moment, by, text string) line { return line{at: at, by: by, text: text} }

// threads are all conversations, the college's groups first.
func threads() []thread {
	var all []thread
	for _, of := range [][]thread{collegeGroups(), teachersTalk(), officeTalk(), familiesTalk(), primaryTalk()} {
		all = append(all, of...)
	}
	return all
}

func collegeGroups() []thread {
	return []thread{{
		school: collegeID, title: "5e B – équipe pédagogique",
		people: []string{"claire.martin", "jerome.lefevre", "jb.nguyen", "emily.clarke",
			"ousmane.diallo", "maelle.legoff", "karim.haddad", "francoise.nunez"},
		lines: []line{
			said(on(9, "12:05"), "claire.martin", "Bonjour à tous, j'ouvre ce groupe pour la 5e B : on y met ce qui concerne la classe, et on garde le casier pour les papiers."),
			said(on(9, "12:11"), "jb.nguyen", "Bonne idée, merci Claire."),
			{on(9, "12:40"), "francoise.nunez", "Je n'ai que six élèves de la classe en espagnol, mais je suis volontiers. Petit rappel : pot de départ de Gisèle vendredi en salle des professeurs.",
				marks{reactions: []reaction{{"🎉", []string{"claire.martin", "jb.nguyen", "maelle.legoff"}}, {"❤️", []string{"emily.clarke"}}}}},
			{on(9, "12:43"), "maelle.legoff", "J'y serai, avec un gâteau breton !", marks{replyTo: 3}},
			said(on(6, "17:20"), "ousmane.diallo", "Pour information, l'évaluation de SVT est repoussée d'une semaine : la moitié de la classe était au cross."),
			said(on(6, "17:32"), "jerome.lefevre", "Parfait, j'avais un contrôle de maths le même jour."),
			{on(4, "10:08"), "karim.haddad", "", marks{deleted: true}},
			said(on(4, "10:10"), "karim.haddad", "Noé Lambert-Dubois est dispensé d'EPS pendant trois semaines. Le certificat est à l'infirmerie."),
			{on(4, "10:26"), "maelle.legoff", "C'est noté. Il tiendra le chronomètre et l'arbitrage.", marks{replyTo: 8}},
			{on(2, "16:45"), "claire.martin", "Le conseil de classe a lieu en salle 204, et non au CDI. Pensez à remplir les appréciations avant la veille au soir.", marks{
				edited: true, before: "Le conseil de classe a lieu au CDI. Pensez à remplir les appréciations avant la veille au soir.", pinned: true,
				reactions: []reaction{{"👍", []string{"jb.nguyen", "ousmane.diallo", "karim.haddad"}}}}},
			said(on(2, "16:52"), "emily.clarke", "Done for English! / C'est fait pour l'anglais."),
			said(on(1, "18:30"), "jerome.lefevre", "Je remplis les miennes ce soir. Quelqu'un a-t-il prévu de parler de l'ambiance depuis la rentrée ? Je trouve la classe bien plus calme."),
			{ago(55 * time.Minute), "jb.nguyen", "Tout à fait d'accord, les exposés se sont très bien passés.", marks{replyTo: 12}},
			{ago(48 * time.Minute), "ousmane.diallo", "Pareil en SVT. On pourrait le leur dire, tout simplement ? @Claire Martin, tu t'en charges ?", marks{mentions: []string{"claire.martin"}}},
		},
		unread:     map[string]int{"claire.martin": 2, "emily.clarke": 3, "maelle.legoff": 2, "karim.haddad": 1},
		unreceived: map[string]int{"emily.clarke": 2},
	}, {
		school: collegeID, title: "Sortie au musée",
		people: []string{"claire.martin", "chloe.dangelo", "laetitia.coeur", "fatima.benali", "thomas.marchand", "elodie.garcon"},
		lines: []line{
			said(on(8, "16:30"), "claire.martin", "Bonjour, merci à toutes et à tous d'accompagner la 5e B au musée des Beaux-Arts. Départ du collège à 8 h 45, retour vers 16 h 30."),
			said(on(8, "16:41"), "thomas.marchand", "Bonjour, c'est bien en car ?"),
			{on(8, "16:44"), "claire.martin", "Oui, le car attend devant le gymnase. Il n'y a rien à payer le jour même.", marks{replyTo: 2}},
			said(on(8, "19:02"), "fatima.benali", "Bonsoir. Faut-il prévoir un pique-nique pour nous aussi ?"),
			{on(7, "08:10"), "laetitia.coeur", "Bonjour madame Benali, la cantine prépare un pique-nique pour les élèves et pour les accompagnateurs. Dites-moi seulement si vous ne mangez pas de viande.", marks{replyTo: 4}},
			said(on(7, "08:35"), "fatima.benali", "Sans viande pour moi, merci beaucoup !"),
			said(on(7, "12:20"), "elodie.garcon", "Sans viande pour moi également. Et Hugo est allergique aux arachides, je le rappelle par prudence."),
			{on(7, "12:31"), "laetitia.coeur", "C'est bien noté dans son dossier, et la cuisine est prévenue.", marks{replyTo: 7}},
			{on(3, "17:15"), "chloe.dangelo", "J'ai préparé un carnet de croquis pour chaque élève. Chaque groupe choisit un tableau et le dessine pendant vingt minutes.",
				marks{reactions: []reaction{{"❤️", []string{"claire.martin", "fatima.benali"}}, {"🎨", []string{"thomas.marchand"}}}}},
			{on(3, "17:40"), "thomas.marchand", "Très belle idée. Je prends le groupe de Zoë, ou plutôt pas, elle préférera !", marks{edited: true}},
			said(on(3, "17:46"), "claire.martin", "Ha ha ! Je vous mets avec le groupe de Moussa, alors."),
			said(on(1, "17:30"), "laetitia.coeur", "Il me manque encore quatre autorisations de sortie. Si vous croisez des parents de la classe, n'hésitez pas à leur en parler."),
			said(ago(90*time.Minute), "elodie.garcon", "J'en ai parlé à Mme Wójcik, elle la rapporte au secrétariat."),
			said(ago(20*time.Minute), "claire.martin", "Merci ! Il n'en reste donc que trois."),
		},
		unread:     map[string]int{"laetitia.coeur": 2, "fatima.benali": 1, "thomas.marchand": 2},
		unreceived: map[string]int{"thomas.marchand": 2},
	}, {
		school: collegeID, title: "Parents délégués – 5e B",
		people: []string{"helene.vasseur", "karim.haddad", "fatima.benali", "sophie.lambert", "loic.kerguelen"},
		lines: []line{
			said(on(7, "18:05"), "helene.vasseur", "Bonsoir, le prochain conseil de classe approche : vous pouvez recueillir les questions des familles et me les envoyer ici."),
			said(on(7, "19:20"), "sophie.lambert", "Bonsoir madame la principale. La question qui revient le plus : le poids des cartables."),
			said(on(7, "19:34"), "loic.kerguelen", "Ici aussi. Et les casiers du premier étage, qui ne ferment plus."),
			{on(6, "09:12"), "karim.haddad", "Les serrures sont commandées, les casiers seront réparés avant les vacances.", marks{replyTo: 3}},
			said(on(6, "12:02"), "fatima.benali", "Merci. Plusieurs familles demandent aussi si l'aide aux devoirs continue après 17 heures."),
			{on(5, "08:50"), "helene.vasseur", "Oui, les lundis, mardis et jeudis jusqu'à 18 heures, au CDI. Il reste de la place.", marks{replyTo: 5}},
			said(on(2, "20:10"), "sophie.lambert", "Je transmets, merci beaucoup. Pour les cartables, nous proposerons un second jeu de manuels dans les salles."),
			said(on(1, "08:30"), "helene.vasseur", "Nous en parlerons au conseil d'administration : c'est une bonne proposition."),
		},
		unread: map[string]int{"fatima.benali": 1, "loic.kerguelen": 2},
	}, {
		school: collegeID, title: "Club journal",
		people: []string{"raphael.levy", "zoe.marchand", "yasmine.benali", "moussa.ba", "ines.wojcik", "anaelle.faure"},
		lines: []line{
			said(on(6, "13:10"), "raphael.levy", "Bonjour la rédaction ! Qui écrit quoi pour le prochain numéro ?"),
			said(on(6, "13:14"), "zoe.marchand", "Moi je veux bien l'interview de Mme Le Goff sur le cross"),
			said(on(6, "13:15"), "moussa.ba", "Je fais la page jeux avec Inès"),
			said(on(6, "13:15"), "ines.wojcik", "Oui !! On a déjà les mots croisés"),
			said(on(6, "13:22"), "yasmine.benali", "Et moi un article sur le musée, comme ça je prends des notes pendant la sortie"),
			{on(6, "13:30"), "raphael.levy", "Excellente idée, Yasmine. Deux pages au plus, avec une photo.", marks{replyTo: 5}},
			{on(4, "17:50"), "moussa.ba", "", marks{deleted: true}},
			said(on(4, "17:51"), "moussa.ba", "pardon, mauvaise conversation"),
			said(on(2, "13:05"), "anaelle.faure", "J'ai dessiné la couverture, je la montre demain au CDI"),
			said(on(1, "13:02"), "raphael.levy", "La couverture d'Anaëlle est superbe. On boucle à la fin de la semaine : envoyez-moi vos textes, même pas finis."),
			{ago(40 * time.Minute), "ines.wojcik", "Les jeux sont prêts !", marks{replyTo: 10}},
		},
		unread:     map[string]int{"zoe.marchand": 2, "yasmine.benali": 1, "moussa.ba": 1, "anaelle.faure": 1},
		unreceived: map[string]int{"anaelle.faure": 1},
	}}
}

func teachersTalk() []thread {
	return []thread{{
		school: collegeID, people: []string{"claire.martin", "karim.haddad"},
		lines:  attendance("claire.martin", "karim.haddad"),
		unread: map[string]int{"claire.martin": 1},
	}, {
		school: collegeID, people: []string{"fatima.benali", "claire.martin"},
		lines: []line{
			said(on(5, "18:45"), "fatima.benali", "Bonsoir madame Martin, je suis la maman de Yasmine. Elle a perdu la liste des livres à lire, pouvez-vous me la donner ?"),
			said(on(4, "08:02"), "claire.martin", "Bonjour madame Benali ! Il n'y en a qu'un pour ce mois-ci : « Le Bourgeois gentilhomme ». Le CDI en prête des exemplaires."),
			said(on(4, "08:15"), "fatima.benali", "Merci beaucoup. Et comment cela se passe-t-il en classe ?"),
			{on(4, "12:40"), "claire.martin", "Très bien. Yasmine participe beaucoup et son dernier texte était le plus drôle de la classe. L'orthographe viendra avec la relecture.", marks{replyTo: 3}},
			said(on(4, "13:01"), "fatima.benali", "Cela me fait très plaisir, je le lui dirai ce soir."),
			said(ago(32*time.Minute), "fatima.benali", "Bonjour, serait-il possible de vous rencontrer la semaine prochaine, plutôt en fin de journée ?"),
			said(ago(31*time.Minute), "fatima.benali", "Ce n'est rien de grave, rassurez-vous : c'est au sujet de l'option latin."),
		},
		unread: map[string]int{"claire.martin": 2},
	}, {
		school: collegeID, people: []string{"zoe.marchand", "claire.martin"},
		lines: []line{
			said(on(3, "17:58"), "zoe.marchand", "Bonjour madame, est-ce que le paragraphe est à rendre sur feuille ou dans le cahier ?"),
			said(on(3, "18:20"), "claire.martin", "Bonjour Zoë, sur feuille, une quinzaine de lignes."),
			said(on(3, "18:21"), "zoe.marchand", "Merci madame, bonne soirée"),
			said(on(1, "17:10"), "claire.martin", "Zoë, ton paragraphe est très réussi. Accepterais-tu de le lire à la classe ?"),
			{on(1, "17:35"), "zoe.marchand", "Oui d'accord ! Mais pas en premier s'il vous plaît", marks{replyTo: 4}},
			said(on(1, "17:41"), "claire.martin", "Promis, tu passeras après Hugo."),
		},
		unread: map[string]int{"zoe.marchand": 1},
	}, {
		school: collegeID, people: []string{"jerome.lefevre", "claire.martin"},
		lines: []line{
			said(on(6, "07:50"), "jerome.lefevre", "Salut Claire, est-ce que tu pourrais échanger ton heure de 10 h avec la mienne de 14 h ? J'ai un rendez-vous chez le dentiste."),
			said(on(6, "07:58"), "claire.martin", "Pas de souci, tu préviens la vie scolaire ?"),
			said(on(6, "07:59"), "jerome.lefevre", "C'est fait. Tu me sauves, merci !"),
			said(on(2, "12:15"), "claire.martin", "À charge de revanche : tu peux surveiller ma permanence, la prochaine fois ?"),
			{on(2, "12:16"), "jerome.lefevre", "Avec plaisir. Et j'apporte les croissants.", marks{replyTo: 4}},
		},
	}, {
		school: collegeID, people: []string{"emily.clarke", "claire.martin"},
		lines: []line{
			said(on(4, "15:30"), "emily.clarke", "Hi Claire, could I borrow the tablets on the last period? We're recording our weather forecasts."),
			said(on(4, "15:44"), "claire.martin", "Of course! The trolley is in room 112, la clé est dans mon casier."),
			{on(4, "15:45"), "emily.clarke", "Brilliant, merci !", marks{replyTo: 2}},
		},
	}, {
		school: collegeID, people: []string{"anais.lefloch", "maelle.legoff"},
		lines: []line{
			said(on(4, "09:55"), "anais.lefloch", "Bonjour Maëlle, Noé Lambert-Dubois m'a déposé un certificat : pas de sport pendant trois semaines, entorse de la cheville."),
			said(on(4, "10:20"), "maelle.legoff", "Merci Anaïs, je l'ai vu passer avec ses béquilles. Il peut venir en cours sans courir ?"),
			{on(4, "10:24"), "anais.lefloch", "Oui, s'il reste assis et qu'il ne porte rien de lourd.", marks{replyTo: 2}},
		},
	}}
}

func officeTalk() []thread {
	return []thread{{
		school: collegeID, people: []string{"claire.martin", "laetitia.coeur"},
		lines: []line{
			said(on(8, "09:05"), "claire.martin", "Bonjour Lætitia, as-tu reçu la confirmation du car pour le musée ?"),
			said(on(8, "09:30"), "laetitia.coeur", "Bonjour Claire, oui, 49 places, devant le gymnase à 8 h 30."),
			said(on(8, "09:31"), "claire.martin", "Merveilleux, merci !"),
			said(on(1, "11:15"), "laetitia.coeur", "J'ai besoin de la liste définitive des accompagnateurs pour l'assurance. Tu me l'envoies dès que tu peux ?"),
			said(on(1, "12:50"), "claire.martin", "Mme Benali, Mme Garçon, M. Marchand, Chloé D'Angelo et moi."),
			said(on(1, "12:58"), "laetitia.coeur", "Parfait, c'est parti."),
		},
	}, {
		school: collegeID, people: []string{"fatima.benali", "laetitia.coeur"},
		lines: []line{
			said(on(7, "10:12"), "fatima.benali", "Bonjour, pourrais-je avoir un certificat de scolarité pour Yasmine ? C'est pour le club de natation."),
			said(on(7, "10:40"), "laetitia.coeur", "Bonjour madame Benali, bien sûr. Il sera prêt cet après-midi, ou je le remets à Yasmine ?"),
			{on(7, "10:52"), "fatima.benali", "À Yasmine, ce sera parfait, merci.", marks{replyTo: 2}},
			said(on(7, "14:05"), "laetitia.coeur", "C'est fait, elle l'a dans son carnet."),
			said(on(1, "16:20"), "laetitia.coeur", "Bonjour, un petit rappel : l'attestation d'assurance de Yasmine n'est plus valable depuis la rentrée. Pouvez-vous nous transmettre la nouvelle ?"),
		},
		unread: map[string]int{"fatima.benali": 1},
	}, {
		school: collegeID, people: []string{"agnieszka.wojcik", "laetitia.coeur"},
		lines: []line{
			said(on(2, "19:40"), "agnieszka.wojcik", "Bonsoir, Inès sera absente vendredi après-midi pour un rendez-vous chez l'orthodontiste."),
			said(on(1, "08:05"), "laetitia.coeur", "Bonjour madame, merci, je préviens la vie scolaire. N'oubliez pas le mot dans le carnet."),
			said(ago(75*time.Minute), "agnieszka.wojcik", "Bonjour, je passe déposer l'autorisation pour le musée. Jusqu'à quelle heure êtes-vous ouverts ?"),
		},
		unread: map[string]int{"laetitia.coeur": 1},
	}, {
		school: collegeID, people: []string{"thomas.marchand", "laetitia.coeur"},
		lines: []line{
			said(on(5, "12:30"), "thomas.marchand", "Bonjour, nous souhaitons passer Zoë de quatre à trois repas par semaine à la cantine. Est-ce encore possible ?"),
			said(on(5, "14:10"), "laetitia.coeur", "Bonjour monsieur Marchand, oui, à partir du mois prochain. Quel jour faut-il enlever ?"),
			{on(5, "14:22"), "thomas.marchand", "Le jeudi, elle mange chez sa grand-mère.", marks{edited: true}},
			said(on(5, "14:30"), "laetitia.coeur", "C'est enregistré. La facture suivante en tiendra compte."),
		},
		mutedBy: "thomas.marchand",
	}, {
		school: collegeID, people: []string{"helene.vasseur", "laetitia.coeur"},
		lines: []line{
			said(on(3, "08:20"), "helene.vasseur", "Bonjour Lætitia, pouvez-vous envoyer les convocations du conseil de classe de la 5e B ?"),
			said(on(3, "09:45"), "laetitia.coeur", "Elles sont parties ce matin, parents délégués compris."),
			said(on(3, "09:47"), "helene.vasseur", "Vous êtes formidable."),
		},
	}}
}

func familiesTalk() []thread {
	return []thread{{
		school: collegeID, people: []string{"zoe.marchand", "yasmine.benali"},
		lines: []line{
			said(on(2, "17:20"), "zoe.marchand", "t'as compris l'exo 4 de maths ??"),
			said(on(2, "17:22"), "yasmine.benali", "oui c'est Pythagore mais à l'envers"),
			said(on(2, "17:22"), "zoe.marchand", "à l'envers ??"),
			{on(2, "17:24"), "yasmine.benali", "on te donne les trois côtés et tu montres que le triangle est rectangle", marks{replyTo: 3}},
			said(on(2, "17:25"), "zoe.marchand", "aaah ok merci t'es la meilleure 🙏"),
			said(on(1, "18:02"), "yasmine.benali", "tu prends ton appareil photo pour le musée ?"),
			said(on(1, "18:10"), "zoe.marchand", "oui si mon père me le prête 😅"),
			said(ago(26*time.Minute), "yasmine.benali", "au fait ma mère vient aussi comme accompagnatrice"),
			said(ago(25*time.Minute), "yasmine.benali", "on sera dans le même groupe j'espère"),
		},
		unread: map[string]int{"zoe.marchand": 2},
	}, {
		school: collegeID, people: []string{"zoe.marchand", "maelle.legoff"},
		lines: []line{
			said(on(5, "13:20"), "zoe.marchand", "Bonjour madame, est-ce que je peux vous interviewer pour le journal ?"),
			said(on(5, "16:40"), "maelle.legoff", "Bonjour Zoë, avec plaisir ! Passe au gymnase à la récréation."),
			{on(5, "16:41"), "zoe.marchand", "Merci ! J'aurai dix questions", marks{replyTo: 2}},
		},
	}, {
		school: collegeID, people: []string{"fatima.benali", "karim.haddad"},
		lines: []line{
			said(on(8, "07:35"), "fatima.benali", "Bonjour, Yasmine a de la fièvre et restera à la maison aujourd'hui."),
			said(on(8, "07:52"), "karim.haddad", "Bonjour madame, merci d'avoir prévenu. Bon rétablissement à elle !"),
			said(on(7, "07:40"), "fatima.benali", "Elle va mieux et revient ce matin."),
			{on(7, "07:55"), "karim.haddad", "Bonne nouvelle. Un mot dans le carnet suffira.", marks{replyTo: 3}},
		},
	}, {
		school: collegeID, people: []string{"elodie.garcon", "jerome.lefevre"},
		lines: []line{
			said(on(6, "20:05"), "elodie.garcon", "Bonsoir monsieur, Hugo me dit qu'il n'a jamais de devoirs de maths. J'ai un léger doute."),
			said(on(5, "08:00"), "jerome.lefevre", "Bonjour madame, votre doute est fondé : deux exercices pour chaque cours, et tout est dans le cahier de textes."),
			{on(5, "08:12"), "elodie.garcon", "Je m'en doutais. Merci pour votre franchise, nous allons en parler !", marks{replyTo: 2}},
			said(on(1, "16:55"), "jerome.lefevre", "Les deux derniers devoirs étaient faits, et bien faits. Félicitez-le de ma part."),
		},
		unread:     map[string]int{"elodie.garcon": 1},
		unreceived: map[string]int{"elodie.garcon": 1},
	}}
}

func primaryTalk() []thread {
	return []thread{{
		school: primaryID, title: "Kermesse – organisation",
		people: []string{"benoit.chatelain", "cecile.pecheur", "odile.mader", "elodie.garcon", "youssef.elamrani", "penelope.saintcyr"},
		lines: []line{
			said(on(10, "17:00"), "benoit.chatelain", "Bonsoir à tous, il nous faut des volontaires pour les stands de la kermesse."),
			said(on(10, "17:25"), "penelope.saintcyr", "Je prends la pêche à la ligne, comme l'année dernière."),
			said(on(10, "18:40"), "youssef.elamrani", "Je peux tenir le barbecue avec un autre papa."),
			said(on(9, "08:30"), "odile.mader", "Les tables et les bancs sont réservés à la mairie."),
			{on(9, "12:10"), "elodie.garcon", "Et moi le stand des gâteaux. Qui peut en apporter un ?", marks{replyTo: 1}},
			said(on(9, "12:24"), "cecile.pecheur", "La classe de CM2 en prépare quatre, les enfants y tiennent."),
			said(on(3, "16:50"), "benoit.chatelain", "Merci ! Il ne manque plus personne. Rendez-vous à 9 heures pour l'installation."),
		},
		unread: map[string]int{"youssef.elamrani": 1, "penelope.saintcyr": 1},
	}, {
		school: primaryID, people: []string{"elodie.garcon", "cecile.pecheur"},
		lines: []line{
			said(on(4, "16:45"), "elodie.garcon", "Bonjour maîtresse, Gabin a oublié son cahier de poésie en classe."),
			said(on(4, "17:05"), "cecile.pecheur", "Bonjour ! La poésie est courte, je vous la recopie : « Les sanglots longs des violons de l'automne… » La suite demain, ce sera déjà bien."),
			{on(4, "17:12"), "elodie.garcon", "Merci, nous apprenons le début !", marks{replyTo: 2}},
		},
	}, {
		school: primaryID, people: []string{"benoit.chatelain", "solene.gueho"},
		lines: []line{
			said(on(2, "12:40"), "benoit.chatelain", "Solène, tu peux prendre la surveillance de la cour à ma place ? La mairie m'appelle."),
			said(on(2, "12:41"), "solene.gueho", "J'y vais."),
		},
	}}
}
