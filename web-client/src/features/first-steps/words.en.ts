import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'setup.title': 'First start',
  'setup.note': 'You make the first administrator’s account. This link works once.',
  'setup.you': 'You',
  'setup.institution': 'Your institution',
  'setup.name': 'Your name',
  'setup.signIn': 'Sign-in name',
  'setup.signInHint': 'Letters, digits, dots and dashes. You sign in with it.',
  'setup.password': 'Password',
  'setup.passwordHint': '10 characters at least. Several words make a good password.',
  'setup.institutionName': 'Name of the institution',
  'setup.institutionHint': 'A ministry, a region or a single centre. Other institutions can be added later.',
  'setup.language': 'Language',
  'setup.timeZone': 'Time zone',
  'setup.act': 'Make the account',
  'setup.busy': 'Making it…',
  'setup.doneTitle': 'The first account is there already',
  'setup.doneText': 'Sign in with it.',
  'setup.toSignIn': 'Sign in',

  'link.title': 'Choose a password',
  'link.for': 'Account of {name}, {institution}',
  'link.signIn': 'Sign-in name, to remember',
  'link.password': 'New password',
  'link.code': 'Code from your app',
  'link.codeHint': 'This account has a second factor: the 6 digits that the app shows now, or a recovery code.',
  'link.act': 'Save and sign in',
  'link.busy': 'Saving…',
  'link.until': 'The link is good until {day}, {time}.',

  'bad.title': 'This link opens nothing',
  'bad.unknown': 'It was not copied whole, or is no longer there. Ask the institution for a new link.',
  'bad.expired': 'It is too old. Ask the institution for a new link.',
  'bad.used': 'It was used already. If that was you, sign in; if not, tell the institution.',
  'bad.noSecret': 'The part after the # sign is missing. Open the whole link.',
  'bad.setup': 'Take the link that the server printed when it started, and open all of it.',
};

export default en;
