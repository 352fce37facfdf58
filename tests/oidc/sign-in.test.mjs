// Signing in at a real OpenID provider.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { CLIENT_ID, CLIENT_SECRET, OpenIdProvider } from './provider.mjs';
import { freePort, Server } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'qism-oidc-'));
let provider;
let server;

const sso = () => `
  [[sign_in.oidc]]
  name = "sso"
  label = "Compte du centre"
  issuer = "${provider.issuer}"
  client_id = "${CLIENT_ID}"
  client_secret = "${CLIENT_SECRET}"
`;

/** Signs in as somebody, and gives the server's answer to the callback and the browser. */
async function signIn(login, name = 'sso', browser = new Browser()) {
  const callback = await browser.through(`${server.url}/api/oidc/${name}/start?to=/week`, login, server.url);
  const answer = await browser.ask(callback);
  return { answer, browser, callback };
}

async function me(browser) {
  const answer = await browser.ask(`${server.url}/api/me`);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

function landed(answer) {
  assert.equal(answer.status, 303);
  return answer.headers.get('location');
}

before(async () => {
  provider = await OpenIdProvider.start();
  server = new Server(folder, await freePort(), await freePort());
  const callback = (name) => `${server.url}/api/oidc/${name}/callback`;
  provider.redirectUris = [callback('sso'), callback('trainees')];
  await provider.serve(provider.redirectUris);
});

after(async () => {
  await server?.stop();
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const administrator = new Browser();

test('the first start prints a link, and its provider stands on the sign-in page', async () => {
  const printed = await server.start(sso());
  const secret = /\/setup#(\S+)/.exec(printed)?.[1];
  assert.ok(secret, `no link in: ${printed}`);
  const setup = {
    secret,
    name: 'رشيد العلوي',
    sign_in: 'rachid',
    password: 'une phrase de tous les jours',
    institution: { name: 'قطاع التكوين المهني', language: 'ar', time_zone: 'Africa/Casablanca' },
  };
  const made = await administrator.ask(`${server.url}/api/setup`, { method: 'POST', json: setup });
  assert.equal(made.status, 200, await made.clone().text());
  const providers = await (await administrator.ask(`${server.url}/api/sign-in/providers`)).json();
  assert.deepEqual(providers.items, [{ name: 'sso', label: 'Compte du centre' }]);
});

test('whom nobody here knows gets no account', async () => {
  const { answer, browser } = await signIn('rachid');
  assert.equal(landed(answer), '/sign-in?problem=account_unknown');
  assert.equal((await browser.ask(`${server.url}/api/me`)).status, 401);
});

test('who links their account signs in with it from then on', async () => {
  const link = { method: 'POST', json: { provider: 'sso' } };
  const { url } = await (await administrator.ask(`${server.url}/api/me/identities`, link)).json();
  const callback = await administrator.through(url, 'rachid', server.url);
  assert.equal(landed(await administrator.ask(callback)), '/account');
  const identities = await (await administrator.ask(`${server.url}/api/me/identities`)).json();
  assert.equal(identities.items.length, 1);
  assert.equal(identities.items[0].provider, 'sso');
  const { answer, browser } = await signIn('rachid');
  assert.equal(landed(answer), '/week');
  assert.equal((await me(browser)).id, (await me(administrator)).id);
});

test('after the provider changed its keys people still sign in', async () => {
  await provider.serve(provider.redirectUris);
  const { answer } = await signIn('rachid');
  assert.equal(landed(answer), '/week');
});

test('an answer is good once, and in the browser that asked', async () => {
  const { answer, browser, callback } = await signIn('rachid');
  assert.equal(landed(answer), '/week');
  assert.equal(landed(await browser.ask(callback)), '/sign-in?problem=provider_failed');
  const other = await new Browser().through(`${server.url}/api/oidc/sso/start`, 'rachid', server.url);
  assert.equal(landed(await new Browser().ask(other)), '/sign-in?problem=provider_failed');
  const refused = `${server.url}/api/oidc/sso/callback?error=access_denied&state=x`;
  assert.equal(landed(await new Browser().ask(refused)), '/sign-in?problem=provider_failed');
});

test('ID tokens that say anything else than was asked for are refused', async () => {
  const now = Math.floor(Date.now() / 1000);
  for (const [what, tamper] of Object.entries({
    'another audience': { aud: 'another-client' },
    'two audiences without a party': { aud: [CLIENT_ID, 'another-client'] },
    'another issuer': { iss: 'https://another.example' },
    'another nonce': { nonce: 'another' },
    'an expired one': { exp: now - 3_600 },
  })) {
    provider.tamper = tamper;
    const { answer, browser } = await signIn('rachid');
    assert.equal(landed(answer), '/sign-in?problem=provider_failed', what);
    assert.equal((await browser.ask(`${server.url}/api/me`)).status, 401, what);
  }
  provider.tamper = {};
  const { answer } = await signIn('rachid');
  assert.equal(landed(answer), '/week', 'signed anew and otherwise unchanged it is taken');
  provider.tamper = undefined;
});

test('a verified mail address finds its account, and an unverified one does not', async () => {
  const { institution } = await me(administrator);
  await server.stop();
  const creating = sso().replaceAll('"sso"', '"trainees"');
  await server.start(`${sso()}${creating}create = "trainee"\ninstitution = "${institution}"`);
  const { answer, browser } = await signIn('salma', 'trainees');
  assert.equal(landed(answer), '/week');
  const salma = await me(browser);
  assert.equal(salma.name, 'سلمى أوشن');
  assert.deepEqual([salma.roles.trainee, salma.roles.administrator, salma.institution], [true, false, institution]);
  // Both names stand for one provider: without the link, only the mail address is left.
  const gone = await browser.ask(`${server.url}/api/me/identities/sso`, { method: 'DELETE' });
  assert.equal(gone.status, 204);
  const again = await signIn('salma');
  assert.equal(landed(again.answer), '/week');
  assert.equal((await me(again.browser)).id, salma.id);
  const { answer: refused } = await signIn('driss');
  assert.equal(landed(refused), '/sign-in?problem=account_unknown');
});

test('a link that is refused comes back to the account, which says why', async () => {
  const link = { method: 'POST', json: { provider: 'sso' } };
  const linking = async (browser, login) => {
    const { url } = await (await browser.ask(`${server.url}/api/me/identities`, link)).json();
    return browser.through(url, login, server.url);
  };
  const { browser } = await signIn('salma');
  provider.tamper = { aud: 'another-client' };
  assert.equal(landed(await browser.ask(await linking(browser, 'salma'))), '/account?problem=provider_failed');
  provider.tamper = undefined;
  // The administrator is at the provider as rachid already; whose account it is comes before whose page it is.
  const taken = await administrator.ask(await linking(administrator, 'rachid'));
  assert.equal(landed(taken), '/account', 'what is linked stays linked');
  const mine = await browser.ask(`${server.url}/api/me/identities/sso`, { method: 'DELETE' });
  assert.equal(mine.status, 204);
  const shared = browser.forgetting(provider.issuer);
  assert.equal(landed(await shared.ask(await linking(shared, 'rachid'))), '/account?problem=taken');
  assert.equal((await me(shared)).name, 'سلمى أوشن', 'still signed in');
  const late = await linking(shared, 'salma');
  assert.equal((await shared.ask(`${server.url}/api/sign-out`, { method: 'POST' })).status, 204);
  assert.equal(landed(await shared.ask(late)), '/sign-in?problem=provider_failed', 'nobody is signed in any more');
});

test('a provider that does not answer is said on the sign-in page', async () => {
  await server.stop();
  await provider.stop();
  await server.start(sso());
  const answer = await new Browser().ask(`${server.url}/api/oidc/sso/start`);
  assert.equal(landed(answer), '/sign-in?problem=provider_failed');
  assert.equal((await new Browser().ask(`${server.url}/api/oidc/nobody/start`)).status, 404);
  assert.ok(!server.log.includes(CLIENT_SECRET), 'the log has a secret');
});
