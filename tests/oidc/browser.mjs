// As much of a browser as a sign-in needs: cookies for each host and port, redirects followed one by one, forms filled.

export class Browser {
  #jars = new Map();

  /** The same browser, where this origin's cookies are gone: there, it is nobody's. */
  forgetting(origin) {
    const other = new Browser();
    for (const [known, jar] of this.#jars) if (known !== origin) other.#jars.set(known, new Map(jar));
    return other;
  }

  /** Asks without following redirects; keeps what cookies come. */
  async ask(url, { method = 'GET', form, json } = {}) {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map();
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), origin };
    if (json) headers['content-type'] = 'application/json';
    const answer = await fetch(url, {
      method,
      headers,
      body: form ? new URLSearchParams(form) : json && JSON.stringify(json),
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = cookie.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute)) || value === '';
      gone ? jar.delete(name) : jar.set(name, value);
    }
    this.#jars.set(origin, jar);
    return answer;
  }

  /**
   * Goes to a provider's page, signs in there as `login`, and comes back as far as this address of the server, which is
   * not asked for.
   */
  async through(url, login, server) {
    let at = url;
    let answer = await this.ask(at);
    for (let step = 0; step < 20; step += 1) {
      const location = answer.headers.get('location');
      if (location) {
        at = new URL(location, at).href;
        if (at.startsWith(`${server}/api/oidc/`) && at.includes('/callback')) return at;
        answer = await this.ask(at);
        continue;
      }
      const page = await answer.text();
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
      if (!action || !prompt) throw new Error(`No form at ${at} (${answer.status}): ${page.slice(0, 500)}`);
      at = new URL(action, at).href;
      answer = await this.ask(at, { method: 'POST', form: { prompt, login, password: 'any' } });
    }
    throw new Error('The provider sends the browser round and round.');
  }
}
