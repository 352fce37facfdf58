export default {
  'signIn.title': 'Connexion',
  'signIn.name': 'Identifiant',
  'signIn.nameHint': 'Celui que l’établissement vous a donné, ou votre adresse.',
  'signIn.password': 'Mot de passe',
  'signIn.act': 'Se connecter',
  'signIn.busy': 'Connexion…',
  'signIn.failedTitle': 'Identifiant ou mot de passe incorrect',
  'signIn.failedText':
    'Vérifiez les majuscules et la langue du clavier. Sinon, demandez un nouveau lien à l’établissement.',
  'signIn.codeFailedTitle': 'Code incorrect',
  'signIn.codeFailedText': 'Le code change toutes les 30 secondes. Vérifiez l’heure de votre téléphone.',
  'signIn.waitTitle': 'Trop de tentatives',
  'signIn.waitText': {
    one: 'Attendez {count} minute, puis réessayez.',
    other: 'Attendez {count} minutes, puis réessayez.',
  },
  'signIn.codeTitle': 'Second facteur',
  'signIn.code': 'Code de votre application',
  'signIn.codeHint': 'Les 6 chiffres affichés maintenant, ou un code de secours.',
  'signIn.codeAct': 'Continuer',
  'signIn.back': 'Autre compte',
  'signIn.link': 'Invité à une séance ? Ouvrez le lien reçu : aucun compte n’est nécessaire.',
} as const;
