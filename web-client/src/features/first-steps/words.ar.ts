import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'setup.title': 'التشغيل الأول',
  'setup.note': 'هنا يُنشأ حساب الإدارة الأول. يعمل هذا الرابط مرة واحدة.',
  'setup.you': 'حسابك',
  'setup.institution': 'مؤسستك',
  'setup.name': 'اسمك',
  'setup.signIn': 'اسم الدخول',
  'setup.signInHint': 'حروف وأرقام ونقط وشرطات. به تسجّل الدخول.',
  'setup.password': 'كلمة السر',
  'setup.passwordHint': '10 رموز على الأقل. عدة كلمات تصنع كلمة سر جيدة.',
  'setup.institutionName': 'اسم المؤسسة',
  'setup.institutionHint': 'وزارة أو جهة أو مركز واحد. تضاف مؤسسات أخرى فيما بعد.',
  'setup.language': 'اللغة',
  'setup.timeZone': 'المنطقة الزمنية',
  'setup.act': 'إنشاء الحساب',
  'setup.busy': 'جار الإنشاء…',
  'setup.doneTitle': 'الحساب الأول موجود من قبل',
  'setup.doneText': 'سجّل الدخول به.',
  'setup.toSignIn': 'تسجيل الدخول',

  'link.title': 'اختيار كلمة السر',
  'link.for': 'حساب {name}، {institution}',
  'link.signIn': 'اسم الدخول، احتفظ به',
  'link.password': 'كلمة السر الجديدة',
  'link.code': 'رمز تطبيقك',
  'link.codeHint': 'لهذا الحساب عامل ثان: الأرقام الستة الظاهرة الآن، أو رمز احتياطي.',
  'link.act': 'حفظ وتسجيل الدخول',
  'link.busy': 'جار الحفظ…',
  'link.until': 'الرابط صالح حتى {day}، {time}.',

  'bad.title': 'هذا الرابط لا يفتح شيئا',
  'bad.unknown': 'لم يُنسخ كاملا أو لم يعد موجودا. اطلب رابطا جديدا من المؤسسة.',
  'bad.expired': 'مضت مدته. اطلب رابطا جديدا من المؤسسة.',
  'bad.used': 'استُعمل من قبل. إن كنت أنت من استعمله فسجّل الدخول، وإلا فأخبر المؤسسة.',
  'bad.noSecret': 'ينقص الجزء الذي يلي علامة #. افتح الرابط كاملا.',
  'bad.setup': 'خذ الرابط الذي أظهره الخادم عند تشغيله، وافتحه كاملا.',
};

export default ar;
