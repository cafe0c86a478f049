/**
 * The whole interface over a real runtime and a real database, with the world at the edges played by the test: folders, terminal, what
 * effects answer. Requests go through `inject`; `listen` opens a real port for what needs sockets.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { fakeSecrets } from '../../adapters/secrets/fake.ts';
import { fakeHub } from '../../adapters/supabase/fake.ts';
import { fakeTerminal } from '../../adapters/tmux/fake.ts';
import { effects as catalogue, type HandlerResult } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import { type AppOptions, createApp } from '../../src/api/app.ts';
import { systemRandom } from '../../src/api/auth/secret.ts';
import { type TokenDesk, tokenDesk } from '../../src/api/auth/tokens.ts';
import type { Scope } from '../../src/api/contract/auth.ts';
import { decisionWaiters } from '../../src/api/streams/decision-waiters.ts';
import { resolveHome } from '../../src/config/home.ts';
import { type Config, configOf } from '../../src/config.ts';
import { payerOf } from '../../src/daemon/payer-of.ts';
import { syncDesk } from '../../src/daemon/sync-desk.ts';
import { ok } from '../../src/errors.ts';
import { usageDesk } from '../../src/money/desk.ts';
import { turnCounter } from '../../src/money/turns.ts';
import { ruleOn } from '../../src/policy/rules.ts';
import type { FeedRow, Runtime } from '../../src/runtime/index.ts';
import { createServices, type Services } from '../../src/services/index.ts';
import { reports } from '../../src/supervisor/reports.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type FakeWorkspaces, fakeWorkspaces, gitFolder } from './fake-workspaces.ts';
import { type Call, type House, openHouse } from './house.ts';
import { expectOk, type TempStore } from './temp-store.ts';

export type Answer = {
  status: number;
  body: Record<string, unknown> & { data: never };
  headers: Record<string, string | undefined>;
  text: string;
};
export type Ask = { token?: string | null; body?: unknown; headers?: Record<string, string> };

export type ApiHouse = {
  app: FastifyInstance;
  runtime: Runtime;
  services: Services;
  house: House;
  clock: FakeClock;
  config: Config;
  desk: TokenDesk;
  workspaces: FakeWorkspaces;
  /** Of scope admin, kind cli. */
  token: string;
  tokenOf: (scopes: Scope[]) => string;
  /** Effects asked for so far. */
  calls: Call[];
  /** Agents that were asked to stop the daemon. */
  stops: string[];
  ask: (method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH' | 'OPTIONS' | 'HEAD', url: string, more?: Ask) => Promise<Answer>;
  /** `data` of a success; throws the problem otherwise. */
  data: <T = Record<string, unknown>>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown) => Promise<T>;
  listen: () => Promise<number>;
};

export type ApiHouseOptions = {
  config?: string;
  /** What effects answer; default nothing, so that every actor stays where its event put it. */
  answer?: (call: Call) => HandlerResult | Promise<HandlerResult>;
  app?: Partial<AppOptions>;
  programs?: string[];
  /** A home that was written before; its ids are not given out again. */
  temp?: TempStore;
};

export const project = '/work-of-mine/shop';

/** Whoever builds it closes it; tests use `openApiHouse`. */
export const buildApiHouse = async (options: ApiHouseOptions = {}): Promise<ApiHouse & { close: () => Promise<void> }> => {
  const clock = fakeClock();
  const calls: Call[] = [];
  const handler = (name: string) => async (params: never, meta: { effectId: string; attempt: number }) => {
    const call: Call = { name, params, effectId: meta.effectId, attempt: meta.attempt };
    calls.push(call);
    return options.answer?.(call) ?? { outcomes: [] };
  };
  let witness: ((steps: readonly FeedRow[]) => void) | undefined;
  const house = await openHouse({
    kinds,
    witness: (steps) => witness?.(steps),
    effects: catalogue,
    fake: clock,
    ...(options.temp ? { temp: options.temp, seed: 2 } : {}),
    handlers: () => Object.fromEntries(Object.keys(catalogue).map((name) => [name, handler(name)])),
  });
  const { runtime, store, temp } = house;
  witness = turnCounter({ book: store.turns, agent: (id) => payerOf(runtime.state(id)) });
  const home = expectOk(resolveHome({ env: { CCM_HOME: temp.folder }, platform: 'linux', userHome: '/u', cwd: '/' }));
  const config = expectOk(configOf(options.config ?? '', home, { env: {}, demoCommand: ['demo-agent'] }));
  const workspaces = fakeWorkspaces();
  workspaces.folders.set(project, gitFolder(project));
  const terminal = fakeTerminal({ clock });
  const desk = tokenDesk({ tokens: store.tokens, clock, ids: { next: () => runtime.newId() }, random: systemRandom });
  const stops: string[] = [];
  let port = 8765;
  const programs = options.programs ?? ['claude', 'demo-agent'];
  const services = createServices({
    runtime,
    store,
    kinds,
    config,
    clock,
    secrets: fakeSecrets(),
    workspaces,
    terminal,
    findProgram: async (name) => (programs.includes(name) ? `/bin/${name}` : null),
    daemon: {
      version: '0.0.0-test',
      pid: 1,
      startedAt: clock.now(),
      node: process.version,
      url: () => `http://127.0.0.1:${port}`,
      tmux: () => ({ connected: false, version: null, generation: null, socket: null }),
      sync: () => ({ state: 'localOnly', reason: null, pending: 0 }),
      backup: async (path) => ok({ path, bytes: 1, verified: true }),
      sweep: async () => ({ killed: [], left: [], sure: true }),
      handOver: async () => ok({ pid: 1 }),
      renewToken: async () => ok(undefined),
      demo: (caller) => services.tasks.create({ path: project, prompt: 'Show what you can', agent: 'demo' }, caller, false),
      stop: (agents) => void stops.push(agents),
    },
  });
  const actors = {
    send: (to: string, event: { type: string }) => runtime.send(to, event),
    newId: () => runtime.newId(),
    state: (id: string) => {
      const state = runtime.state(id);
      return state && { id, status: state.status, ended: state.view.ended, context: state.context };
    },
    list: (kind: 'agent' | 'approval') =>
      runtime.list({ kind, ended: false }).flatMap(({ id }) => {
        const state = runtime.state(id);
        return state ? [{ id, status: state.status, ended: false, context: state.context }] : [];
      }),
  };
  const usage = usageDesk({ book: store.usage, prices: () => config.prices, clock, agent: (id) => payerOf(runtime.state(id)) });
  const hooks: Array<{ agent: string; kind: string; payload: Readonly<Record<string, unknown>> }> = [];
  const webRoot = join(temp.folder, 'web');
  mkdirSync(webRoot, { recursive: true });
  const hub = fakeHub({ now: () => clock.now(), newId: () => runtime.newId() });
  const sync = syncDesk({
    runtime,
    store,
    clock,
    ids: { next: () => runtime.newId() },
    log: house.log,
    config,
    secrets: fakeSecrets(),
    connect: hub.connect,
    address: (given) => ok(given),
    services: () => services,
  });
  const app = await createApp({
    services,
    sync: sync.service,
    runtime,
    terminal,
    config,
    clock,
    desk,
    acceptReport: reports({
      actors,
      clock,
      usage,
      ruling: (asked) => ruleOn(config.policy, { ...asked, project: store.projects.get(asked.project)?.name ?? '' }),
      approvalMs: () => config.approvalMs,
    }).accept,
    hearHook: async (agent, { kind, payload }) => (hooks.push({ agent, kind, payload }), ok({ heard: kind })),
    waiters: decisionWaiters(clock),
    notReady: () => null,
    version: '0.0.0-test',
    webRoot,
    idempotency: store.idempotency,
    audit: { book: store.audit, commit: (work) => store.commit(work) },
    port: () => port,
    log: house.log,
    ...options.app,
  });
  const tokenOf = (scopes: Scope[]): string => desk.issue({ name: 'test', kind: 'api', scopes }).secret;
  const token = desk.issue({ name: 'cli', kind: 'cli', scopes: ['admin'] }).secret;
  const close = async (): Promise<void> => {
    await app.close();
    await runtime.shutdown();
    temp.remove();
  };

  const ask: ApiHouse['ask'] = async (method, url, more = {}) => {
    const given = more.token === undefined ? token : more.token;
    const reply = await app.inject({
      method,
      url,
      headers: { host: `127.0.0.1:${port}`, ...(given === null ? {} : { authorization: `Bearer ${given}` }), ...more.headers },
      ...(more.body === undefined ? {} : { payload: more.body as object }),
    });
    const json = /json/.test(reply.headers['content-type'] ?? '') ? reply.json() : {};
    return { status: reply.statusCode, body: json, headers: reply.headers as Answer['headers'], text: reply.body };
  };
  return {
    close,
    app,
    runtime,
    services,
    house,
    clock,
    config,
    desk,
    workspaces,
    token,
    tokenOf,
    calls,
    stops,
    ask,
    data: async (method, url, body) => {
      const reply = await ask(method, url, body === undefined ? {} : { body });
      if (reply.status !== 200) throw new Error(`${method} ${url}: ${reply.text}`);
      return reply.body.data;
    },
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const address = app.server.address();
      port = typeof address === 'object' && address ? address.port : port;
      return port;
    },
  };
};
