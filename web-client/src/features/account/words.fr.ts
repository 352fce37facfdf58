export default {
  'account.title': 'Mon compte',
  'account.name': 'Nom',
  'account.institution': 'Établissement',
  'account.timeZone': 'Fuseau horaire',
} as const;
