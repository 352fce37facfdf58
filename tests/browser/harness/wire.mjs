import { connect, createServer } from 'node:net';

/** Counts what a server sends, byte by byte, by the request that it answers. */
export class Wire {
  /** Bytes of each answer, headers included, by the request's first line. */
  answers = [];

  /** Listens on a port of ours and passes everything on to the server. */
  static async before(server, port) {
    const wire = new Wire();
    const target = new URL(server.url);
    wire.url = `http://127.0.0.1:${port}`;
    wire.server = createServer((near) => {
      const far = connect(Number(target.port), server.options.host);
      let current;
      near.on('data', (chunk) => {
        const line = /^(GET|POST) (\S+) HTTP/.exec(chunk.toString('latin1'));
        if (line) wire.answers.push((current = { request: `${line[1]} ${line[2]}`, bytes: 0 }));
        far.write(chunk);
      });
      far.on('data', (chunk) => {
        if (current) current.bytes += chunk.length;
        near.write(chunk);
      });
      for (const [one, other] of [[near, far], [far, near]]) {
        one.on('error', () => undefined);
        one.on('close', () => other.destroy());
      }
    });
    await new Promise((done) => wire.server.listen(port, '127.0.0.1', done));
    return wire;
  }

  close() {
    this.server.close();
  }
}
