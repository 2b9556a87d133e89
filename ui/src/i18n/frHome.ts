/** What stands beside the list while no conversation is open. */
export const frHome = {
  choose: 'Choisissez une conversation',
  none: 'Vos échanges s’afficheront ici',
  recent: 'Récemment',
  write: 'Écrire à {{name}}',
  toClass: 'Écrire à une classe',
  divider: 'Largeur de la liste',
} as const
