import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'signIn.title': 'Sign in',
  'signIn.name': 'Sign-in name',
  'signIn.nameHint': 'The one that the institution gave you, or your address.',
  'signIn.password': 'Password',
  'signIn.act': 'Sign in',
  'signIn.busy': 'Signing in…',
  'signIn.failedTitle': 'Wrong sign-in name or password',
  'signIn.failedText': 'Check capital letters and the keyboard’s language. Or ask the institution for a new link.',
  'signIn.codeFailedTitle': 'Wrong code',
  'signIn.codeFailedText': 'The code changes every 30 seconds. Check your phone’s clock.',
  'signIn.waitTitle': 'Too many attempts',
  'signIn.waitText': {
    one: 'Wait {count} minute, then try again.',
    other: 'Wait {count} minutes, then try again.',
  },
  'signIn.codeTitle': 'Second factor',
  'signIn.code': 'Code from your app',
  'signIn.codeHint': 'The 6 digits that it shows now, or a recovery code.',
  'signIn.codeAct': 'Continue',
  'signIn.back': 'Another account',
  'signIn.or': 'or',
  'signIn.with': 'Continue with {provider}',
  'signIn.link': 'Invited to a lesson? Open the link that you received: no account is needed.',
};

export default en;
