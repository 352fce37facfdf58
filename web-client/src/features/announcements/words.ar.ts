import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'announcements.title': 'الإعلانات',
  'announcements.new': 'إعلان جديد',
  'announcements.told': 'الموجهة إليّ',
  'announcements.written': 'المنشورة',
  'announcements.none': 'لا توجد إعلانات',
  'announcements.noneText': 'ستظهر هنا إعلانات مؤسستك وأفواجك وجهتك.',
  'announcements.noneWritten': 'لم يُنشر أي إعلان',
  'announcements.noneWrittenText': 'ما تنشره يبقى ظاهرا هنا.',
  'announcements.unread': 'غير مقروء',
  'announcements.about': 'يوم {day}',
  'announcements.edit': 'تعديل الإعلان',
  'announcements.editAct': 'تعديل',
  'announcements.editNamed': 'تعديل «{title}»',
  'announcements.until': 'حتى {day}',
  'announcements.withdrawn': 'مسحوب',
  'announcements.withdraw': 'سحب',
  'announcements.withdrawNamed': 'سحب «{title}»',
  'announcements.withdrawTitle': 'سحب هذا الإعلان؟',
  'announcements.withdrawText': 'لن يرى أحد «{title}» بعد الآن، وما أُرسل بالبريد يبقى مرسلا.',

  'audience.institution': 'المؤسسة كلها',
  'audience.region': 'الجهة كلها',
  'audience.ministry': 'البلد كله',
  'audience.course': 'تكوين',
  'audience.group': 'فوج',

  'target.course': 'التكوين',
  'target.group': 'الفوج',
  'target.region': 'الجهة',

  'write.audience': 'إلى من',
  'write.choose': 'اختر',
  'write.title': 'العنوان',
  'write.body': 'النص',
  'write.day': 'اليوم المعني',
  'write.dayHint': 'سيظهر الإعلان في التقويمات أيضا.',
  'write.expires': 'آخر يوم للعرض',
  'write.expiresHint': 'بعده لا يراه أحد.',
  'write.save': 'حفظ',
  'write.mailed': 'أُرسل هذا الإعلان بالبريد من قبل؛ لا يظهر التصحيح إلا هنا.',
  'write.byMail': 'إرسال بالبريد الإلكتروني أيضا',
  'write.byMailHint': 'إلى كل المعنيين الذين لهم عنوان.',
  'write.publish': 'نشر',
};

export default ar;
