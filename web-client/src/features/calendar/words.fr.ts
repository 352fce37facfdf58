export default {
  'feed.title': 'Dans mon agenda',
  'feed.text': 'Vos séances dans l’agenda du téléphone ou d’Outlook, toujours à jour.',
  'feed.since': 'Une adresse est active depuis le {day}.',
  'feed.create': 'Créer une adresse',
  'feed.renew': 'Remplacer l’adresse',
  'feed.renewTitle': 'Remplacer l’adresse de l’agenda ?',
  'feed.renewText': 'L’ancienne ne fonctionnera plus. Il faudra ajouter la nouvelle sur vos appareils.',
  'feed.revoke': 'Supprimer l’adresse',
  'feed.revokeTitle': 'Supprimer l’adresse de l’agenda ?',
  'feed.revokeText': 'Les appareils qui la lisent ne recevront plus vos séances.',
  'feed.address': 'Adresse de l’agenda',
  'feed.once': 'Elle n’est affichée que cette fois. Qui la connaît voit vos séances : ne la partagez pas.',
  'feed.add': 'Ajouter à l’agenda de cet appareil',
  'feed.howApple': 'iPhone, Mac, Outlook : ce bouton propose de s’abonner à l’agenda.',
  'feed.howGoogle':
    'Téléphone Android : sur un ordinateur, dans Google Agenda, « Autres agendas », « À partir de l’URL ».',
} as const;
