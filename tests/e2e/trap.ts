import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that nobody may reach: how often somebody did. */
export async function startTrap(): Promise<{ url: string; hits(): number; server: Server }> {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.end('reached');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits: () => hits, server };
}
