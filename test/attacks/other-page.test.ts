/** A page of somebody else, on another port of this machine (agents run servers there) and in a real browser, tries everything a page can. */
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiHouse } from '../support/api-house.ts';
import { launchChromium } from '../support/chromium.ts';

type Try = { name: string; got: string };

describe('another page in the same browser', () => {
  let browser: Browser;
  let evil: Server;
  let evilPort = 0;
  beforeAll(async () => {
    evil = createServer((_request, reply) => void reply.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title>'));
    await new Promise<void>((done) => evil.listen(0, '127.0.0.1', done));
    const address = evil.address();
    evilPort = typeof address === 'object' && address ? address.port : 0;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((done) => evil.close(done));
  });

  it.each(['127.0.0.1', 'localhost'])('served from %s on another port: reads nothing, does nothing, opens no socket', async (name) => {
    const house = await openApiHouse();
    const port = await house.listen();
    const page = await browser.newPage();
    await page.goto(`http://${name}:${evilPort}/`);
    const tries = await page.evaluate(
      async ({ target, token }): Promise<Try[]> => {
        const found: Try[] = [];
        const say = async (what: string, work: () => Promise<string>) => {
          const late = new Promise<string>((done) => setTimeout(() => done('silence'), 5000));
          found.push({
            name: what,
            got: await Promise.race([work(), late]).catch((error: unknown) => `refused: ${String(error).slice(0, 40)}`),
          });
        };
        const url = `http://${target}`;
        const auth = { authorization: `Bearer ${token}` };
        await say('fetch', async () => (await fetch(`${url}/api/v1/tasks`, { headers: auth })).text());
        await say('fetch of what is open', async () => (await fetch(`${url}/healthz`)).text());
        await say('no-cors', async () => (await fetch(`${url}/healthz`, { mode: 'no-cors' })).text());
        await say('simple post', async () =>
          (await fetch(`${url}/api/v1/shutdown`, { method: 'POST', mode: 'no-cors', body: '{"agents":"stop"}' })).text(),
        );
        await say(
          'websocket',
          () =>
            new Promise((done) => {
              const socket = new WebSocket(`ws://${target}/ws`);
              socket.addEventListener('open', () => done('OPEN'));
              socket.addEventListener('error', () => done('refused'));
            }),
        );
        await say(
          'frame',
          () =>
            new Promise((done) => {
              const frame = document.createElement('iframe');
              frame.src = `${url}/`;
              frame.addEventListener('load', () => {
                // Null for a document of another origin.
                done(frame.contentDocument === null ? 'closed' : `LOADED ${frame.contentDocument.body.textContent.length}`);
              });
              document.body.append(frame);
            }),
        );
        await say(
          'script',
          () =>
            new Promise((done) => {
              const script = document.createElement('script');
              script.src = `${url}/openapi.json`;
              script.addEventListener('load', () => done('LOADED'));
              script.addEventListener('error', () => done('refused'));
              document.body.append(script);
            }),
        );
        return found;
      },
      { target: `127.0.0.1:${port}`, token: house.token },
    );
    expect(tries).toHaveLength(7);
    for (const { name: what, got } of tries) expect(got, what).toMatch(/^$|^refused|^closed|^LOADED (closed|0)$/);
    expect(house.stops).toEqual([]);
    // A form leaves the page, so it comes last: its answer is shown to the person, and nothing was done.
    await page.evaluate((action) => {
      const form = document.createElement('form');
      Object.assign(form, { action, method: 'post', enctype: 'text/plain' });
      document.body.append(form);
      form.submit();
    }, `http://127.0.0.1:${port}/api/v1/shutdown`);
    await page.waitForURL(/shutdown/);
    expect(await page.textContent('body')).toContain('CCM_FORBIDDEN');
    expect(house.stops).toEqual([]);
    await page.close();
  });

  it('under a name that its resolver points at us (rebinding) it is refused, with the best token', async () => {
    const house = await openApiHouse();
    const port = await house.listen();
    const context = await browser.newContext();
    const page = await context.newPage();
    // Chromium resolves every name below localhost to this machine: a foreign name that leads here, as a lying resolver would give.
    await page.goto(`http://evil.localhost:${port}/healthz`);
    expect(await page.textContent('body')).toContain('CCM_BAD_HOST');
    const got = await page.evaluate(
      async (token) => (await fetch('/api/v1/tasks', { headers: { authorization: `Bearer ${token}` } })).status,
      house.token,
    );
    expect(got).toBe(403);
    await context.close();
  });
});
