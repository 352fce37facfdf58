import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'admin.title': 'الإدارة',

  'keys.title': 'مفاتيح البرامج (API)',
  'keys.note': 'يسمح المفتاح لبرنامج آخر بالعمل باسم المؤسسة.',
  'keys.new': 'مفتاح جديد',
  'keys.list': 'مفاتيح المؤسسة',
  'keys.empty': 'لا مفاتيح',
  'keys.emptyText': 'لكل برنامج من برامج المؤسسة (التسجيل، الأجور، البوابة) مفتاح خاص به.',
  'keys.name': 'البرنامج',
  'keys.nameHint': 'من يستعمله، مثلا «برنامج التسجيل».',
  'keys.scopes': 'ما يسمح به',
  'keys.until': 'صالح حتى',
  'keys.untilHint': 'دون تاريخ، يبقى صالحا إلى أن تسحبه.',
  'keys.create': 'إنشاء المفتاح',
  'keys.secret': 'المفتاح',
  'keys.once': 'لا يظهر إلا هذه المرة. سلّمه للبرنامج الآن.',
  'keys.done': 'تم',
  'keys.created': 'تاريخ الإنشاء: {day}',
  'keys.used': 'آخر استعمال: {day}',
  'keys.unused': 'لم يُستعمل بعد',
  'keys.ends': 'حتى {day}',
  'keys.ended': 'انتهت مدته',
  'keys.revoked': 'مسحوب',
  'keys.revoke': 'سحب',
  'keys.revokeOf': 'سحب {name}',
  'keys.revokeTitle': 'سحب المفتاح «{name}»؟',
  'keys.revokeText': 'يفقد البرنامج الذي يستعمله الوصول فورا.',

  'scope.people:read': 'قراءة الأشخاص والأفواج',
  'scope.people:write': 'تعديل الأشخاص والأفواج',
  'scope.courses:read': 'قراءة التكوينات',
  'scope.courses:write': 'تعديل التكوينات',
  'scope.timetable:read': 'قراءة الجدول الزمني',
  'scope.timetable:write': 'تعديل الجدول الزمني',
  'scope.announcements:read': 'قراءة الإعلانات',
  'scope.announcements:write': 'نشر الإعلانات',
  'scope.alarms:read': 'قراءة الإنذارات',
};

export default ar;
