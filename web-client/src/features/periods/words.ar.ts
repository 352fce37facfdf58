import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const ar: Words<typeof fr> = {
  'periods.title': 'العطل والفترات',
  'periods.note': 'يراعيها الجدول الزمني: لا حصص أيام العطل، وتوقيت آخر في رمضان.',
  'periods.new': 'فترة جديدة',
  'periods.list': 'العطل والفترات حسب التاريخ',
  'periods.past': 'إظهار الفترات الماضية',
  'periods.empty': 'لا فترات قادمة',
  'periods.emptyText': 'هنا أيام العطل؛ وما تحدده الجهة والوزارة يظهر تلقائيا.',
  'periods.one': '{day}',
  'periods.span': 'من {from} إلى {to}',
  'periods.stops': 'دون حصص',
  'periods.runs': 'الحصص قائمة',
  'periods.heldBy': 'حددتها {name}',
  'periods.edit': 'تعديل',
  'periods.editOf': 'تعديل {name}',
  'periods.remove': 'حذف',
  'periods.removeOf': 'حذف {name}',
  'periods.removeTitle': 'حذف «{name}»؟',
  'periods.removeText': 'الحصص التي ألغيت تبقى ملغاة، ويمكن من جديد برمجة حصص في هذه الأيام.',
  'periods.removeNamed': 'لا تتغير أي حصة، وتختفي الفترة من الجدول الزمني.',

  'period.editTitle': 'تعديل الفترة',
  'period.name': 'الاسم',
  'period.nameHint': 'مثلا «عيد العرش» أو «رمضان».',
  'period.first': 'أول يوم',
  'period.last': 'آخر يوم',
  'period.lastHint': 'اليوم الأخير داخل في الفترة. سنة على الأكثر.',
  'period.stops': 'لا حصص في هذه الأيام',
  'period.stopsHint': 'إن كانت فيها حصص مبرمجة، تظهر لائحتها بعد الحفظ والقرار لك.',
  'period.create': 'إنشاء الفترة',
  'period.save': 'حفظ',

  'falling.title': 'حصص مبرمجة في هذه الأيام',
  'falling.kept': {
    zero: 'حُفظت الفترة. لا حصص مبرمجة فيها.',
    one: 'حُفظت الفترة. فيها حصة واحدة ما زالت قائمة.',
    two: 'حُفظت الفترة. فيها حصتان ما زالتا قائمتين.',
    few: 'حُفظت الفترة. فيها {count} حصص ما زالت قائمة.',
    many: 'حُفظت الفترة. فيها {count} حصة ما زالت قائمة.',
    other: 'حُفظت الفترة. فيها {count} حصة ما زالت قائمة.',
  },
  'falling.cancelled': {
    zero: 'لم تُلغ أي حصة.',
    one: 'ألغيت حصة واحدة، وتظهر ملغاة في الجدول الزمني.',
    two: 'ألغيت حصتان، وتظهران ملغاتين في الجدول الزمني.',
    few: 'ألغيت {count} حصص، وتظهر ملغاة في الجدول الزمني.',
    many: 'ألغيت {count} حصة، وتظهر ملغاة في الجدول الزمني.',
    other: 'ألغيت {count} حصة، وتظهر ملغاة في الجدول الزمني.',
  },
  'falling.at': '{day}، الساعة {time}',
  'falling.keep': 'الإبقاء عليها',
  'falling.cancel': 'إلغاؤها',
  'falling.done': 'تم',
};

export default ar;
