import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'feed.title': 'في مفكرتي',
  'feed.text': 'حصصك في مفكرة الهاتف أو Outlook، محيَّنة دائما.',
  'feed.since': 'هناك عنوان مفعّل منذ {day}.',
  'feed.create': 'إنشاء عنوان',
  'feed.renew': 'تغيير العنوان',
  'feed.renewTitle': 'تغيير عنوان المفكرة؟',
  'feed.renewText': 'لن يعمل العنوان القديم. أضف الجديد في أجهزتك.',
  'feed.revoke': 'حذف العنوان',
  'feed.revokeTitle': 'حذف عنوان المفكرة؟',
  'feed.revokeText': 'لن تصل حصصك إلى الأجهزة التي تقرؤه.',
  'feed.address': 'عنوان المفكرة',
  'feed.once': 'لا يظهر إلا هذه المرة. من يعرفه يرى حصصك، فلا تشاركه.',
  'feed.add': 'الإضافة إلى مفكرة هذا الجهاز',
  'feed.howApple': 'iPhone وMac وOutlook: يعرض هذا الزر الاشتراك في المفكرة.',
  'feed.howGoogle': 'هاتف Android: على حاسوب، في تقويم Google، «تقاويم أخرى» ثم «من عنوان URL».',
};

export default ar;
