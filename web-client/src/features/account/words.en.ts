import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'account.title': 'My account',
  'account.name': 'Name',
  'account.institution': 'Institution',
  'account.timeZone': 'Time zone',
};

export default en;
