import { Classes } from './classes.mjs';

/**
 * The pages of the administrator of a school that has nothing in it yet but what `prepare` makes. Each is looked at in
 * Arabic and French, on a phone and on a desk: `shown` is a selector of what it has once it is there, `press` one of what
 * opens what is to be seen. `{course}` in a path stands for what `prepare` made by that name.
 */
export const PAGES = [
  { path: '/account', shown: '.account .rows li' },
  { path: '/today', shown: '.today-day li' },
  { path: '/week', shown: '.lesson' },
  { path: '/week', press: '.lesson', shown: 'dialog .lesson-acts button' },
  { path: '/week', press: '.page-acts .primary[aria-disabled="false"]', shown: 'dialog [name="group"]' },
  { path: '/lessons', shown: '.lesson-day li' },
  { path: '/lessons', press: '.segments [aria-pressed="false"]', shown: '.lesson-day li' },
  { path: '/lessons/{home}/{lesson}', shown: '.presence-table .name' },
  { path: '/lessons/{home}/{lesson}', press: '.name-button', shown: 'dialog .fact-rows' },
  { path: '/reports', shown: '.page-acts a' },
  { path: '/reports', press: '.page-acts button', shown: 'dialog .empty' },
  { path: '/board', shown: '.board-start .country' },
  { path: '/alarms', shown: '.empty' },
  { path: '/courses', shown: '.rows a' },
  { path: '/courses/new', shown: '[name="title"]' },
  { path: '/courses/{course}', shown: '.rows a.row-words' },
  { path: '/courses/{course}/edit', shown: '.unit-row' },
  { path: '/courses/applications', shown: '.row-acts button' },
  { path: '/courses/applications', press: '.row-acts button', shown: 'dialog [name="group"]' },
  { path: '/people', shown: '.rows a' },
  { path: '/people/new', press: '[type="submit"]', shown: '.field.is-error' },
  { path: '/people/{person}', shown: '.person-act' },
  { path: '/people/{person}', press: '.page-acts .primary', shown: 'dialog [type="submit"]' },
  { path: '/people/{person}', press: '.person-act:nth-last-child(2) button', shown: 'dialog .people-found' },
  { path: '/people/{person}', press: '.person-act .danger', shown: 'dialog [type="submit"]' },
  { path: '/people/{person}/edit', shown: '[name="name"]' },
  { path: '/people/groups', shown: '.rows a' },
  { path: '/people/groups/new', press: '[type="submit"]', shown: '.field.is-error' },
  { path: '/people/groups/{group}', shown: '.rows a.row-words' },
  { path: '/people/groups/{group}', press: '.page-acts .primary', shown: 'dialog .people-found .row' },
  { path: '/people/groups/{group}', press: '.rows button', shown: 'dialog [type="submit"]' },
  { path: '/people/groups/{group}/edit', shown: '[name="archived"]' },
  { path: '/announcements', press: '.announcement-head', shown: '.announcement-text' },
  { path: '/announcements', press: '[role="tab"][aria-selected="false"]', shown: '.row-acts a' },
  { path: '/announcements/new', shown: '[name="body"]' },
  { path: '/announcements/{announcement}/edit', shown: '[name="body"]' },
  { path: '/admin', shown: '.rows a' },
  { path: '/admin/keys', shown: '.rows .row-words' },
  { path: '/admin/periods', shown: '.rows .row-acts' },
  { path: '/admin/periods', press: '.page-acts .primary', shown: 'dialog [name="first_day"]' },
  { path: '/admin/audit', press: 'details summary', shown: '.record-facts' },
  { path: '/admin/webhooks', shown: '.row-acts a' },
  { path: '/admin/webhooks', press: '.page-acts .primary', shown: 'dialog [name="url"]' },
  { path: '/admin/webhooks/{webhook}', shown: '.empty' },
  { path: '/people/import', shown: '.import-list' },
  { path: '/people/import/lessons', shown: '.import-list' },
  { path: '/admin/institutions', shown: '.rows a' },
  { path: '/admin/institutions/new', shown: '[name="reach"]' },
  { path: '/admin/institutions/{institution}', press: '[name="has_hours"]', shown: '.hours-times' },
  { path: '/admin/institutions/{institution}', press: '.administrators-head button', shown: 'dialog [name="mail"]' },
  { path: '/admin/institution', shown: '[name="attendance_minors"]' },
  { path: '/admin/venues', shown: '.rows button' },
  { path: '/admin/venues', press: '.rows button', shown: 'dialog [name="capacity"]' },
  { path: '/admin/regions', shown: '.rows button' },
  { path: '/admin/regions', press: '.rows button', shown: 'dialog [name="name"]' },
];

/** The pages that need no account. */
export const OPEN_PAGES = [
  { path: '/', shown: '.home-acts a' },
  { path: '/sign-in', shown: '[name="sign_in"]' },
  { path: '/setup', shown: 'h1' },
  { path: '/account-link#wrong', shown: 'h1' },
  { path: '/catalogue', shown: '.rows a' },
  { path: '/catalogue/{course}', shown: '[name="phone"]' },
  { path: '/catalogue/{course}', press: '[type="submit"]', shown: '.field.is-error' },
  { path: '/verify', shown: '[name="ledger"]' },
  { path: '/verify', press: '[type="submit"]', shown: '.field.is-error' },
  { path: '/verify#0123', shown: '.verify-answer' },
  { path: `/verify#${'0f'.repeat(32)}`, shown: '.verify-answer .mark-alarm' },
  { path: '/application#{secret}', shown: '[role="status"]' },
  { path: '/application#wrong', shown: '.empty' },
];

/**
 * Makes what the pages show; `school.call(method, path, body)` asks in the administrator's name. Gives the names that
 * stand in paths.
 */
export async function prepare(school) {
  await school.call('POST', '/api/institutions/{institution}/api-keys', {
    name: 'Logiciel de scolarité',
    scopes: ['people:read', 'timetable:read'],
  });
  await school.call('POST', '/api/institutions/{institution}/periods', {
    ...{ name: 'عطلة منتصف السنة', first_day: '2099-01-24', last_day: '2099-01-31', stops_lessons: true },
  });
  const webhook = await school.call('POST', '/api/institutions/{institution}/webhooks', {
    url: 'https://scolarite.example.org/qism',
    events: ['lesson.started', 'attendance.ready'],
  });
  const institution = await school.call('POST', '/api/institutions', { name: 'مركز التكوين في الفندقة، مراكش' });
  return { ...(await prepareCourses(school)), institution: institution.id, webhook: webhook.id };
}

async function prepareCourses(school) {
  const classes = await Classes.begin(school);
  const course = classes.course.id;
  const of = '/api/institutions/{institution}';
  await school.call('POST', `${of}/courses/${course}/materials`, { title: 'قانون أوم', url: 'https://example.org/ohm' });
  const planned = await school.call('POST', `${of}/lessons`, {
    ...{ group: classes.group.id, trainer: classes.trainer.id, venue: classes.venue.id, title: 'دارة الشحن', minutes: 90 },
    // Today by the institution's clock, and on until tomorrow where it is late.
    starts: school.wallNow(),
    repeat: { rule: 'FREQ=WEEKLY;COUNT=4' },
  });
  const announcement = await school.call('POST', `${of}/announcements`, {
    audience: 'institution',
    title: 'Rapport de stage à remettre avant vendredi',
    body: 'À déposer en PDF sur la page de la formation.',
    day: '2099-11-27',
  });
  const { secret } = await school.call('POST', `/api/catalogue/${course}/applications`, {
    name: 'أمينة بن يوسف',
    phone: '+212 600 00 01 99',
    message: 'أريد أن أتعلم كهرباء السيارات.',
  });
  const lesson = planned.lesson.id;
  return { home: school.me.institution, lesson, course, person: classes.trainee.id, group: classes.group.id, announcement: announcement.id, secret };
}
