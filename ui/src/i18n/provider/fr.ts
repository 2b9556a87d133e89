/** Logging in with an account of another provider than this server. */
export const fr = {
  or: 'ou',
  logIn: 'Se connecter avec {{name}}',
  logInSchool: 'Se connecter avec le compte de l’établissement',
  unavailable: 'Cette connexion n’est pas disponible pour le moment. Réessayez dans quelques instants.',
  connecting: 'Connexion…',
  cancelled: 'Vous avez interrompu la connexion.',
  outdated: 'Cette connexion a expiré, ou a été commencée dans une autre fenêtre. Recommencez.',
  failed: 'La connexion n’a pas abouti. Recommencez.',
  unknown: 'Votre compte est reconnu, mais il ne correspond à personne dans la messagerie. Demandez au secrétariat de vérifier l’adresse e-mail enregistrée pour vous.',
} as const
