import { connect, createServer } from 'node:net';

/** Passes on every TCP connection to `from` to `to`, both `[host, port]`; resolves once it listens, with a way to end it. */
export function relay(from, to) {
  const open = new Set();
  const server = createServer((near) => {
    const far = connect(to[1], to[0]);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(from[1], from[0], () =>
      done(() => {
        for (const socket of open) socket.destroy();
        server.close();
      }),
    );
  });
}

// As a program, it runs where the namespace it was started in is: `relay.mjs HOST PORT TO_HOST TO_PORT`.
if (process.argv[1] === import.meta.filename) {
  const [from, port, to, toPort] = process.argv.slice(2);
  await relay([from, Number(port)], [to, Number(toPort)]);
  process.stdout.write('ready\n');
}
