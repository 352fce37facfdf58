import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'periods.title': 'Holidays and periods',
  'periods.note': 'The timetable follows them: no lessons on a holiday, other hours during Ramadan.',
  'periods.new': 'New period',
  'periods.list': 'Holidays and periods, by date',
  'periods.past': 'Show past periods',
  'periods.empty': 'No periods ahead',
  'periods.emptyText':
    'Public holidays and vacations stand here; those of the region and the ministry come by themselves.',
  'periods.one': '{day}',
  'periods.span': 'From {from} to {to}',
  'periods.stops': 'No lessons',
  'periods.runs': 'Lessons as usual',
  'periods.heldBy': 'Set by {name}',
  'periods.edit': 'Edit',
  'periods.editOf': 'Edit {name}',
  'periods.remove': 'Remove',
  'periods.removeOf': 'Remove {name}',
  'periods.removeTitle': 'Remove “{name}”?',
  'periods.removeText': 'Lessons that were called off stay so. New ones can be planned on these days again.',
  'periods.removeNamed': 'No lesson changes. The period no longer stands on the timetable.',

  'period.editTitle': 'Edit the period',
  'period.name': 'Name',
  'period.nameHint': 'For example “Throne Day” or “Ramadan”.',
  'period.first': 'First day',
  'period.last': 'Last day',
  'period.lastHint': 'Included. A year at most.',
  'period.stops': 'No lessons on these days',
  'period.lessons': 'Lessons',
  'period.stopsHint': 'If lessons are planned there already, they are listed next and you decide.',
  'period.create': 'Make the period',
  'period.save': 'Save',

  'falling.title': 'Lessons planned on these days',
  'falling.kept': {
    one: 'The period is saved. {count} lesson is planned on it and still takes place.',
    other: 'The period is saved. {count} lessons are planned on it and still take place.',
  },
  'falling.cancelled': {
    one: '{count} lesson is called off; the timetable shows it so.',
    other: '{count} lessons are called off; the timetable shows them so.',
  },
  'falling.at': '{day} at {time}',
  'falling.keep': 'Keep them',
  'falling.cancel': 'Call them off',
  'falling.done': 'Done',
};

export default en;
