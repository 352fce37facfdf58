/**
 * The pages of the administrator of a school that has nothing in it yet but what `prepare` makes. Each is looked at in
 * Arabic and French, on a phone and on a desk: `shown` is a selector of what it has once it is there.
 */
export const PAGES = [
  { path: '/account', shown: '.account .rows li' },
  { path: '/week', shown: 'h1' },
  { path: '/admin', shown: '.rows a' },
  { path: '/admin/keys', shown: '.rows .row-words' },
];

/** The pages that need no account. */
export const OPEN_PAGES = [
  { path: '/', shown: '.home-acts a' },
  { path: '/sign-in', shown: '[name="sign_in"]' },
  { path: '/setup', shown: 'h1' },
  { path: '/account-link#wrong', shown: 'h1' },
];

/** Makes what the pages show; `school.call(method, path, body)` asks in the administrator's name. */
export async function prepare(school) {
  await school.call('POST', '/api/institutions/{institution}/api-keys', {
    name: 'Logiciel de scolarité',
    scopes: ['people:read', 'timetable:read'],
  });
}
