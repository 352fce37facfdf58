import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'account.title': 'حسابي',
  'account.name': 'الاسم',
  'account.institution': 'المؤسسة',
  'account.timeZone': 'المنطقة الزمنية',
};

export default ar;
