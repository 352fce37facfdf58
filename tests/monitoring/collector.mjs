// A collector of traces (OTLP over HTTP), as far as a test needs one.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** The fields of a protobuf message, in order: number, and a whole number or bytes. (protobuf.dev, "Encoding") */
function* fields(bytes) {
  let at = 0;
  const whole = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = Number(whole());
    const kind = key & 7;
    if (kind === 0) yield [key >> 3, whole()];
    else if (kind === 1) yield [key >> 3, take(8).readBigUInt64LE()];
    else if (kind === 2) yield [key >> 3, take(Number(whole()))];
    else yield [key >> 3, take(4)];
  }
}

const within = (bytes, ...path) =>
  path.reduce((messages, number) => messages.flatMap((message) => all(message, number)), [bytes]);
const all = (message, number) => [...fields(message)].filter(([found]) => found === number).map(([, value]) => value);

/** A span of opentelemetry/proto/trace/v1/trace.proto. */
function span(message) {
  const one = (number) => all(message, number)[0];
  const attributes = all(message, 9).map((pair) => {
    const [, value] = [...fields(all(pair, 2)[0])][0];
    return [all(pair, 1)[0].toString(), typeof value === 'bigint' ? Number(value) : value.toString()];
  });
  return {
    trace: one(1).toString('hex'),
    id: one(2).toString('hex'),
    parent: one(4)?.toString('hex') ?? '',
    name: one(5).toString(),
    from: one(7),
    to: one(8),
    attributes: Object.fromEntries(attributes),
  };
}

export class Collector {
  spans = [];
  #server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf') {
      this.spans.push(...within(body, 1, 2, 2).map(span));
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#server.unref();
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
