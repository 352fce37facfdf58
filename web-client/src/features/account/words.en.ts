import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'account.title': 'Account and security',
  'account.saved': 'Saved',

  'profile.title': 'You',
  'profile.name': 'Name',
  'profile.nameHint': 'The name that the class and the institution see.',
  'profile.language': 'Language of your messages',
  'profile.languageHint': 'The language of the screens is chosen in the menu.',
  'profile.institution': 'Institution',
  'profile.timeZone': 'Time zone',
  'profile.save': 'Save',

  'password.title': 'Password',
  'password.current': 'Current password',
  'password.new': 'New password',
  'password.newHint': '10 characters at least. Several words make a good password.',
  'password.change': 'Change the password',
  'password.changed': 'The password is changed. Your other devices are signed out.',

  'sessions.title': 'Devices that are signed in',
  'sessions.this': 'this device',
  'sessions.seen': 'Last active: {day}, {time}',
  'sessions.end': 'Sign out',
  'sessions.endOf': 'Sign out {browser}',
  'sessions.endOthers': 'Sign out all others',
  'sessions.endOthersTitle': 'Sign out all other devices?',
  'sessions.endOthersText': 'They will have to sign in again. This device stays signed in.',
  'sessions.unknown': 'Unknown browser',
  'sessions.on': '{browser} on {system}',

  'identities.title': 'Linked accounts',
  'identities.hint': 'An account of {provider} opens this one too.',
  'identities.since': 'Linked: {day}',
  'identities.link': 'Link {provider}',
  'identities.unlink': 'Unlink',
  'identities.unlinkOf': 'Unlink {provider}',
  'identities.unlinkTitle': 'Unlink this account?',
  'identities.unlinkText': 'It will no longer open your account here. Keep a password.',

  'factor.title': 'Second factor',
  'factor.off': 'A code from an app comes beside the password. A stolen password is then not enough.',
  'factor.on': 'In force: a code is asked for at each sign-in.',
  'factor.begin': 'Set up',
  'factor.scan': 'Scan this code with an authenticator app, then type the 6 digits that it shows.',
  'factor.qr': 'QR code for the authenticator app',
  'factor.secret': 'Without a camera: the key to type into the app',
  'factor.code': '6-digit code',
  'factor.confirm': 'Confirm',
  'factor.codes': 'Recovery codes',
  'factor.codesHint': 'Each works once, without the phone. They are not shown again: write them down now.',
  'factor.codesKept': 'I have written them down',
  'factor.remove': 'Turn off',
  'factor.removeTitle': 'Turn off the second factor?',
  'factor.removeText': 'The password alone will open your account.',
  'factor.password': 'Password',

  'gate.enrolTitle': 'Set up your second factor',
  'gate.enrolNote': 'Your role opens other people’s data: the institution asks for a second factor.',
  'gate.codeTitle': 'Code of your second factor',
  'gate.codeNote': 'The 6 digits that your app shows now, or a recovery code.',
  'gate.continue': 'Continue',
};

export default en;
