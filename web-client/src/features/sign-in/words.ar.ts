import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'signIn.title': 'تسجيل الدخول',
  'signIn.name': 'اسم الدخول',
  'signIn.nameHint': 'الاسم الذي سلّمته لك المؤسسة، أو عنوانك الإلكتروني.',
  'signIn.password': 'كلمة السر',
  'signIn.act': 'تسجيل الدخول',
  'signIn.busy': 'جار الدخول…',
  'signIn.failedTitle': 'اسم الدخول أو كلمة السر غير صحيحة',
  'signIn.failedText': 'تحقق من لغة لوحة المفاتيح ومن الحروف الكبيرة، أو اطلب رابطا جديدا من المؤسسة.',
  'signIn.codeFailedTitle': 'الرمز غير صحيح',
  'signIn.codeFailedText': 'يتغيّر الرمز كل 30 ثانية. تحقق من ساعة هاتفك.',
  'signIn.waitTitle': 'محاولات كثيرة',
  'signIn.waitText': {
    zero: 'انتظر لحظات ثم أعد المحاولة.',
    one: 'انتظر دقيقة ثم أعد المحاولة.',
    two: 'انتظر دقيقتين ثم أعد المحاولة.',
    few: 'انتظر {count} دقائق ثم أعد المحاولة.',
    many: 'انتظر {count} دقيقة ثم أعد المحاولة.',
    other: 'انتظر {count} دقيقة ثم أعد المحاولة.',
  },
  'signIn.codeTitle': 'العامل الثاني',
  'signIn.code': 'رمز تطبيقك',
  'signIn.codeHint': 'الأرقام الستة الظاهرة الآن، أو رمز احتياطي.',
  'signIn.codeAct': 'متابعة',
  'signIn.back': 'حساب آخر',
  'signIn.or': 'أو',
  'signIn.with': 'المتابعة عبر {provider}',
  'signIn.link': 'إذا توصلت بدعوة إلى حصة، افتح رابطها: لا حاجة إلى حساب.',
};

export default ar;
