/** Does anybody take a connection at the hub's address? Cheaper than a request, and no proof of anything. */
import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

export const reaches = (url: string): Promise<boolean> => {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: PATIENCE_MS });
    const done = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
};
