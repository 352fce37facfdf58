import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'frame.skip': 'الانتقال إلى المحتوى',
  'frame.places': 'صفحات الموقع',
  'frame.menu': 'حسابي',
  'frame.me': 'أنا',
  'frame.morePlaces': 'صفحات أخرى',
  'frame.account': 'الحساب والأمان',
  'frame.signOut': 'تسجيل الخروج',
  'frame.signingOut': 'جار الخروج…',
  'frame.loading': 'جار تحميل الصفحة…',
  'frame.notHereTitle': 'هذه الصفحة غير موجودة أو غير متاحة لك',
  'frame.notHereText': 'تحقق من العنوان، أو اتصل بإدارة المؤسسة.',
  'frame.toStart': 'العودة إلى البداية',

  'workplace.label': 'مكان العمل',
  'workplace.in': 'أنت الآن في {name}',
  'workplace.back': 'العودة إلى {name}',

  'frame.comma': '، ',
  'place.today': 'اليوم',
  'place.board': 'على الهواء',
  'place.week': 'الجدول الزمني',
  'place.weekShort': 'الجدول',
  'place.lessons': 'الحصص',
  'place.reports': 'التقارير',
  'place.courses': 'التكوين',
  'place.people': 'الأفواج والأشخاص',
  'place.peopleShort': 'الأشخاص',
  'place.announcements': 'الإعلانات',
  'place.admin': 'الإدارة',
  'place.adminShort': 'الإدارة',
  'listed.periods': 'العطل والفترات',
  'listed.institution': 'إعدادات المؤسسة',
  'listed.venues': 'الأماكن',
  'listed.keys': 'مفاتيح البرامج (API)',
  'listed.import': 'الاستيراد والتصدير',
  'listed.audit': 'سجل التدقيق',
  'listed.webhooks': 'الإشعارات البرمجية',
  'listed.institutions': 'المؤسسات',
  'listed.regions': 'الجهات',
  'place.catalogue': 'دليل التكوينات',

  'role.administrator': 'الإدارة',
  'role.committee': 'لجنة التتبع',
  'role.trainer': 'مكوّن',
  'role.trainee': 'متدرب',
};

export default ar;
