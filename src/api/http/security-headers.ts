/** Headers that keep a browser from doing with our pages what we do not do ourselves. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** One nonce per answer, for scripts and styles alike; xterm's style elements get it from the page. */
const nonces = new WeakMap<object, string>();
export const nonceOf = (response: ServerResponse | FastifyReply['raw']): string => {
  const known = nonces.get(response);
  if (known !== undefined) return known;
  const nonce = randomBytes(16).toString('base64');
  nonces.set(response, nonce);
  return nonce;
};

const withNonce = (_request: IncomingMessage, response: ServerResponse): string => `'nonce-${nonceOf(response)}'`;

/** `'self'` means the WebSocket too, but not in every browser that is still about. The Host was checked before. */
const ownSocket = (request: IncomingMessage): string => `ws://${request.headers.host ?? '127.0.0.1'}`;

export const securityHeaders = async (app: FastifyInstance): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", withNonce],
        'style-src': ["'self'", withNonce],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'", ownSocket],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    // We speak plain HTTP on the loopback: HSTS would lock people out of every other server on localhost.
    hsts: false,
  });
};
