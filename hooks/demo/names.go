package demo

var firstNames = []string{
	"Adèle", "Adrien", "Aïcha", "Alexandre", "Alice", "Amélie", "Anaïs", "André", "Anne-Sophie", "Antoine",
	"Arthur", "Aurélie", "Aya", "Baptiste", "Béatrice", "Benoît", "Camille", "Cécile", "Céline", "Charlotte",
	"Chloé", "Clément", "Corentin", "Damien", "Élise", "Élodie", "Émile", "Émilie", "Emma", "Étienne",
	"Eugénie", "Fabien", "Fatou", "Florence", "François", "Françoise", "Gaëlle", "Gaëtan", "Geneviève", "Grégoire",
	"Guillaume", "Hélène", "Héloïse", "Hugo", "Inès", "Ismaël", "Jean-Baptiste", "Jeanne", "Jérémy", "Jérôme",
	"Joël", "Jules", "Julie", "Karim", "Léa", "Léo", "Loïc", "Louise", "Lucas", "Maëlle",
	"Mamadou", "Manon", "Marie-Claire", "Mathéo", "Maxime", "Mehdi", "Mélanie", "Mickaël", "Naïma", "Noé",
	"Noémie", "Océane", "Olivier", "Ousmane", "Pénélope", "Pierre", "Quentin", "Raphaël", "Rémi", "Romane",
	"Sébastien", "Solène", "Stéphane", "Théo", "Thérèse", "Thomas", "Valérie", "Véronique", "Yasmine", "Zoé",
}

var lastNames = []string{
	"André", "Aubert", "Barbier", "Baudry", "Béguin", "Benali", "Bernard", "Berthelot", "Besançon", "Blanchard",
	"Bonnet", "Boucher", "Boulanger", "Bourgeois", "Brunet", "Carpentier", "Caron", "Châtelain", "Chevalier", "Clément",
	"Colin", "Da Silva", "D'Angelo", "David", "Delaunay", "Denis", "Deschamps", "Diallo", "Dubois", "Duchêne",
	"Dufour", "Dumas", "Dupont", "Dupré", "Durand", "Évrard", "Fauré", "Fernandez", "Fleury", "Fontaine",
	"Fournier", "François", "Garcia", "Garçon", "Garnier", "Gauthier", "Gérard", "Girard", "Guérin", "Guillot",
	"Haddad", "Henry", "Hervé", "Huët", "Jacquet", "Joly", "Kerguélen", "Lacroix", "Lambert", "Lambert-Dubois",
	"Laurent", "Le Floc'h", "Le Goff", "Lebrun", "Leclerc", "Lecœur", "Lefèvre", "Legrand", "Lemaître", "Leroy",
	"Lévêque", "Lévy", "Lopez", "Maillard", "Marchand", "Marie", "Martin", "Martinez", "Mathieu", "Mercier",
	"Meunier", "Meyer", "Michel", "Moreau", "Morel", "Muller", "N'Guyen", "Nicolas", "Noël", "Núñez",
	"Olivier", "Pélissier", "Perez", "Perrin", "Petit", "Philippe", "Picard", "Poirier", "Rémy", "Renard",
	"Renaud", "Richard", "Rivière", "Robert", "Robin", "Rodriguez", "Rolland", "Roussel", "Roux", "Saint-Cyr",
	"Schmitt", "Simon", "Thévenet", "Thomas", "Traoré", "Vasseur", "Vidal", "Vincent", "Wójcik", "Yılmaz",
}

// groupTitles are followed by a number.
var groupTitles = []string{
	"Sortie au musée", "Chorale", "Club théâtre", "Voyage à Rome", "Cross du collège", "Conseil de classe",
	"Atelier d'écriture", "Projet jardin", "Échange avec Séville", "Préparation du brevet", "Parents délégués",
	"Association sportive", "Orchestre à l'école", "Semaine des sciences", "Fête de fin d'année",
}
