import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'account.title': 'الحساب والأمان',
  'account.saved': 'تم الحفظ',

  'profile.title': 'أنت',
  'profile.name': 'الاسم',
  'profile.nameHint': 'الاسم الذي يراه القسم والمؤسسة.',
  'profile.language': 'لغة رسائلك',
  'profile.languageHint': 'تُختار لغة الشاشات في القائمة.',
  'profile.institution': 'المؤسسة',
  'profile.timeZone': 'المنطقة الزمنية',
  'profile.save': 'حفظ',

  'password.title': 'كلمة السر',
  'password.current': 'كلمة السر الحالية',
  'password.new': 'كلمة السر الجديدة',
  'password.newHint': '10 رموز على الأقل. عدة كلمات تصنع كلمة سر جيدة.',
  'password.change': 'تغيير كلمة السر',
  'password.changed': 'تم تغيير كلمة السر، والخروج من أجهزتك الأخرى.',

  'sessions.title': 'الأجهزة المتصلة بحسابك',
  'sessions.this': 'هذا الجهاز',
  'sessions.seen': 'آخر نشاط: {day}، {time}',
  'sessions.end': 'إخراج',
  'sessions.endOf': 'إخراج {browser}',
  'sessions.endOthers': 'إخراج كل الأجهزة الأخرى',
  'sessions.endOthersTitle': 'إخراج كل الأجهزة الأخرى؟',
  'sessions.endOthersText': 'يلزم تسجيل الدخول فيها من جديد. يبقى هذا الجهاز متصلا.',
  'sessions.unknown': 'متصفح غير معروف',
  'sessions.on': '{browser} على {system}',

  'identities.title': 'حسابات مرتبطة',
  'identities.hint': 'يفتح حساب {provider} هذا الحساب أيضا.',
  'identities.since': 'تاريخ الربط: {day}',
  'identities.link': 'ربط {provider}',
  'identities.unlink': 'فك الربط',
  'identities.unlinkOf': 'فك ربط {provider}',
  'identities.unlinkTitle': 'فك ربط هذا الحساب؟',
  'identities.unlinkText': 'لن يفتح حسابك هنا بعد ذلك. احتفظ بكلمة سر.',

  'factor.title': 'العامل الثاني',
  'factor.off': 'رمز من تطبيق يضاف إلى كلمة السر، فلا تكفي كلمة سر مسروقة.',
  'factor.on': 'مفعَّل: يُطلب رمز عند كل دخول.',
  'factor.begin': 'تفعيل',
  'factor.scan': 'امسح هذا الرمز بتطبيق مصادقة، ثم اكتب الأرقام الستة التي يظهرها.',
  'factor.qr': 'رمز QR لتطبيق المصادقة',
  'factor.secret': 'دون كاميرا: مفتاح يُكتب في التطبيق',
  'factor.code': 'الرمز (6 أرقام)',
  'factor.confirm': 'تأكيد',
  'factor.codes': 'الرموز الاحتياطية',
  'factor.codesHint': 'يعمل كل رمز مرة واحدة دون هاتف. لن تظهر من جديد: سجّلها الآن.',
  'factor.codesKept': 'سجّلتها',
  'factor.remove': 'إيقاف',
  'factor.removeTitle': 'إيقاف العامل الثاني؟',
  'factor.removeText': 'ستفتح كلمة السر وحدها حسابك.',
  'factor.password': 'كلمة السر',

  'gate.enrolTitle': 'فعّل العامل الثاني',
  'gate.enrolNote': 'يفتح دورك معلومات أشخاص آخرين، لذلك تطلب المؤسسة عاملا ثانيا.',
  'gate.codeTitle': 'رمز العامل الثاني',
  'gate.codeNote': 'الأرقام الستة الظاهرة الآن في تطبيقك، أو رمز احتياطي.',
  'gate.continue': 'متابعة',
};

export default ar;
