import type { Words } from '../../i18n/catalogue';
import type fr from './words.fr';

const en: Words<typeof fr> = {
  'announcements.title': 'Announcements',
  'announcements.new': 'New announcement',
  'announcements.told': 'For me',
  'announcements.written': 'Published',
  'announcements.none': 'No announcement',
  'announcements.noneText': 'What your institution, your groups and your region announce will appear here.',
  'announcements.noneWritten': 'Nothing published',
  'announcements.noneWrittenText': 'What you publish stays visible here.',
  'announcements.unread': 'Unread',
  'announcements.about': 'On {day}',
  'announcements.edit': 'Edit the announcement',
  'announcements.editAct': 'Edit',
  'announcements.editNamed': 'Edit “{title}”',
  'announcements.until': 'until {day}',
  'announcements.withdrawn': 'Withdrawn',
  'announcements.withdraw': 'Withdraw',
  'announcements.withdrawNamed': 'Withdraw “{title}”',
  'announcements.withdrawTitle': 'Withdraw this announcement?',
  'announcements.withdrawText': 'Nobody will see “{title}” any more. What went out by mail stays out.',

  'audience.institution': 'The whole institution',
  'audience.region': 'The whole region',
  'audience.ministry': 'The whole country',
  'audience.course': 'A course',
  'audience.group': 'A group',

  'target.course': 'Course',
  'target.group': 'Group',
  'target.region': 'Region',

  'write.audience': 'For whom',
  'write.choose': 'Choose',
  'write.title': 'Title',
  'write.body': 'Text',
  'write.day': 'Day that it is about',
  'write.dayHint': 'It will appear in calendars too.',
  'write.expires': 'Last day it is shown',
  'write.expiresHint': 'Nobody sees it after that.',
  'write.save': 'Save',
  'write.mailed': 'This announcement went out by mail already; the correction shows here only.',
  'write.byMail': 'Send it by mail too',
  'write.byMailHint': 'To everybody concerned who has an address.',
  'write.publish': 'Publish',
};

export default en;
