/** The web interface: files of the build, and its one page for every address it knows. Each page gets a nonce of its own. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nonceOf } from './security-headers.ts';

/** What the build puts where a nonce belongs. */
const noncePlaceholder = '__CCM_NONCE__';

const plainPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>CCM Orchestrator</title></head>
<body><main>
<h1>CCM Orchestrator runs</h1>
<p>Its web interface is not built yet: <code>npm run build:web</code> builds it, then reload this page.</p>
<p>Everything is in the command line too (<code>ccm --help</code>) and in the <a href="/docs">HTTP interface</a>.</p>
</main></body></html>
`;

export type Pages = { isPage(request: FastifyRequest): boolean; sendPage(reply: FastifyReply): Promise<FastifyReply> };

export const pages = async (app: FastifyInstance, webRoot: string): Promise<Pages> => {
  let cached: { changed: number; text: string } | null = null;
  const index = async (): Promise<string> => {
    try {
      const path = join(webRoot, 'index.html');
      const changed = (await stat(path)).mtimeMs;
      if (cached?.changed !== changed) cached = { changed, text: await readFile(path, 'utf8') };
      return cached.text;
    } catch {
      // Not built (yet): a page that says so is better than a 404.
      return plainPage;
    }
  };
  const sendPage = async (reply: FastifyReply): Promise<FastifyReply> => {
    const text = (await index()).replaceAll(noncePlaceholder, nonceOf(reply.raw));
    return reply.code(200).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text);
  };

  app.get('/', { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => sendPage(reply));
  if (existsSync(webRoot)) {
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'open' };
        route.schema = { ...route.schema, hide: true };
      });
      await scope.register(fastifyStatic, {
        root: webRoot,
        index: false,
        dotfiles: 'ignore',
        cacheControl: false,
        allowedPath: (path) => path !== '/index.html',
        setHeaders: (reply, path) => {
          // Files of the build carry their hash in the name.
          void reply.header('cache-control', path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    });
  }
  return {
    sendPage,
    /** An address of the web interface itself, opened or reloaded: no file, no interface for programs. */
    isPage: (request) => {
      const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
      const wants = request.headers.accept?.includes('text/html') === true;
      return request.method === 'GET' && wants && !/^\/(?:api|ws|docs|assets|charts)(?:\/|$)/.test(path) && !/\.[a-z0-9]{1,8}$/i.test(path);
    },
  };
};
