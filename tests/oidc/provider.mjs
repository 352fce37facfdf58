// A real OpenID provider (oidc-provider) on this machine, whose keys can be changed, and whose ID tokens can be made
// wrong on their way out: signed by the provider's own key, but saying something else.
import { createServer } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import Provider from 'oidc-provider';

export const CLIENT_ID = 'qism';
export const CLIENT_SECRET = 'a secret & more, which both sides know';

/** Who has an account there. */
const PEOPLE = {
  rachid: { name: 'رشيد العلوي', email: 'rachid@elsewhere.example', email_verified: true },
  salma: { name: 'سلمى أوشن', email: 'Salma@Centre.example', email_verified: true },
  driss: { name: 'Driss Cherkaoui', email: 'salma@centre.example', email_verified: false },
};

export class OpenIdProvider {
  /** Changes an ID token's claims before it leaves. */
  tamper = undefined;
  #keys = 0;
  #provider;
  #jwk;
  #server;

  static async start() {
    const provider = new OpenIdProvider();
    provider.#server = createServer((request, response) => provider.#provider.callback()(request, response));
    await new Promise((done) => provider.#server.listen(0, '127.0.0.1', done));
    provider.issuer = `http://127.0.0.1:${provider.#server.address().port}`;
    return provider;
  }

  /** Serves with a new key; the one before is published no more. */
  async serve(redirectUris) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#keys += 1;
    this.#jwk = { ...(await exportJWK(privateKey)), kid: `key-${this.#keys}`, alg: 'RS256', use: 'sig' };
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: redirectUris,
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
      cookies: { keys: ['only for this test'] },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) }),
      jwks: { keys: [this.#jwk] },
      pkce: { required: () => true },
    });
    provider.use(async (context, next) => {
      await next();
      if (context.path === '/token' && context.body?.id_token && this.tamper) {
        context.body = { ...context.body, id_token: await this.#changed(context.body.id_token) };
      }
    });
    this.#provider = provider;
  }

  async #changed(token) {
    const claims = { ...decodeJwt(token), ...this.tamper };
    const { alg, kid } = this.#jwk;
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(await importJWK(this.#jwk, alg));
  }

  async stop() {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
