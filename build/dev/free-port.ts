import { createServer } from 'node:net';

/** A port of 127.0.0.1 that is free now: the preferred one, or any other where that is taken. */
export async function freePort(preferred = 0): Promise<number> {
  return listenOnce(preferred).catch((thrown: unknown) => {
    if (preferred === 0) throw thrown;
    return listenOnce(0);
  });
}

function listenOnce(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) done(address.port);
        else fail(new Error('A listening server has no address.'));
      });
    });
  });
}
