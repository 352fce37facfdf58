import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'frame.skip': 'Skip to the content',
  'frame.places': 'Places',
  'frame.menu': 'My account',
  'frame.me': 'Me',
  'frame.morePlaces': 'More places',
  'frame.account': 'Account and security',
  'frame.signOut': 'Sign out',
  'frame.signingOut': 'Signing out…',
  'frame.loading': 'Loading the page…',
  'frame.notHereTitle': 'This page does not exist, or not for you',
  'frame.notHereText': 'Check the address, or ask an administrator of the institution.',
  'frame.toStart': 'Back to the start',

  'workplace.label': 'Where you work',
  'workplace.in': 'You are working in {name}',
  'workplace.back': 'Back to {name}',

  'frame.comma': ', ',
  'place.today': 'Today',
  'place.board': 'On air',
  'place.week': 'Timetable',
  'place.weekShort': 'Week',
  'place.lessons': 'Lessons',
  'place.reports': 'Reports',
  'place.courses': 'Courses',
  'place.people': 'Groups and people',
  'place.peopleShort': 'People',
  'place.announcements': 'Announcements',
  'place.admin': 'Administration',
  'place.adminShort': 'Admin',
  'listed.periods': 'Holidays and periods',
  'listed.institution': 'Institution settings',
  'listed.venues': 'Venues',
  'listed.keys': 'API keys',
  'listed.import': 'Import and export',
  'listed.audit': 'Audit log',
  'listed.webhooks': 'Webhooks',
  'listed.institutions': 'Institutions',
  'listed.regions': 'Regions',
  'place.catalogue': 'Course catalogue',

  'role.administrator': 'administrator',
  'role.committee': 'monitoring committee',
  'role.trainer': 'trainer',
  'role.trainee': 'trainee',
};

export default en;
