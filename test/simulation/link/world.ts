/** Two real daemons, a hub on a real PostgreSQL, and a bad network of its own before each of them. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultProxy, faultProxy } from '../../support/fault-proxy.ts';
import { type Gateway, startGateway } from '../../support/hub/gateway.ts';
import { startPostgres } from '../../support/hub/postgres.ts';
import { LiveHome } from '../../support/live-daemon.ts';
import { connect, signUp } from '../../support/two-machines.ts';
import { until } from '../../support/until.ts';
import { clockPreload } from '../faults/files.ts';

export type LinkView = {
  state: string;
  reason: string | null;
  pending: number;
  rejected: number;
  inFlight: number;
  nextAt: number | null;
  evidence: { text: string } | null;
};
export type Task = {
  id: string;
  title: string;
  status: string;
  ended: boolean;
  system: string | null;
  result: { summary: string | null } | null;
};
export type Node = {
  name: 'alpha' | 'beta';
  live: LiveHome;
  proxy: FaultProxy;
  /** Moves its wall clock by so many milliseconds. */
  moveClock: (ms: number) => void;
  up: () => Promise<void>;
  link: () => Promise<LinkView>;
  tasks: () => Promise<Map<string, Task>>;
};
/** A task somebody here was told is taken, and the machine that shall carry it out. */
export type Wanted = { id: string; at: Node; on: Node };
export type LinkWorld = {
  gateway: Gateway;
  nodes: readonly [Node, Node];
  random: () => number;
  wanted: Map<string, Wanted>;
  /** Null: it was not acknowledged. */
  begin: (at: Node, on: Node) => Promise<Wanted | null>;
  /** Which machine began it, once per start of its program. */
  startsOf: (id: string) => string[];
  end: () => Promise<void>;
};

const folders = 6;
const config = (name: string, starts: string): string => `concurrency = 1000
spacing = 0
[agents.worker]
command = ["/bin/sh", "-c", "echo ${name} >> ${starts}/$CCM_TASK_ID; sleep 0.2; ccm report done 'done on ${name}'"]
mode = "oneshot"
restart = "never"
`;

const node = async (
  name: Node['name'],
  gateway: Gateway,
  folder: string,
  random: () => number,
  ends: Array<() => Promise<unknown> | void>,
): Promise<Node> => {
  const own = join(folder, name);
  mkdirSync(own);
  const { preload, move } = clockPreload(own);
  const live = await LiveHome.make(config(name, join(folder, 'starts')));
  const proxy = await faultProxy(gateway.url, random);
  ends.push(async () => {
    await live.end().catch(() => live.crash());
    await proxy.close();
    rmSync(live.home, { recursive: true, force: true, maxRetries: 5 });
  });
  const up = () => live.up({ NODE_OPTIONS: `--import=${preload}` });
  await up();
  for (let n = 0; n < folders; n += 1) {
    const path = join(own, `${name}${n}`);
    mkdirSync(path);
    const { status, body } = await live.api('POST', '/projects', { path, name: `${name}${n}`, agent: 'worker' });
    assert.ok(status < 300, JSON.stringify(body));
  }
  return {
    name,
    live,
    proxy,
    moveClock: move,
    up,
    link: async () => (await live.api('GET', '/sync')).body.data,
    tasks: async () => {
      const all = new Map<string, Task>();
      // Page by page: a long run makes more of them than one holds.
      for (let cursor = ''; ; ) {
        const { status, body } = await live.api('GET', `/tasks?all=true&limit=500${cursor}`);
        assert.equal(status, 200, JSON.stringify(body));
        for (const task of body.data as Task[]) all.set(task.id, task);
        const { next } = (body['meta'] ?? {}) as { next?: string | null };
        if (!next) return all;
        cursor = `&cursor=${encodeURIComponent(next)}`;
      }
    },
  };
};

export const linkWorld = async (random: () => number): Promise<LinkWorld> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-link-'));
  const starts = join(folder, 'starts');
  mkdirSync(starts);
  // What was begun is ended in the other order, also when the rest could not be.
  const ends: Array<() => Promise<unknown> | void> = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
  const end = async (): Promise<void> => {
    for (const one of ends.toReversed()) await one();
    ends.length = 0;
  };
  try {
    return await begun(folder, random, ends, end);
  } catch (error) {
    await end();
    throw error;
  }
};

const begun = async (
  folder: string,
  random: () => number,
  ends: Array<() => Promise<unknown> | void>,
  end: () => Promise<void>,
): Promise<LinkWorld> => {
  const starts = join(folder, 'starts');
  const postgres = await startPostgres();
  ends.push(() => postgres.stop());
  const gateway = await startGateway({ databaseUrl: postgres.url });
  ends.push(() => gateway.close());
  await signUp(gateway);
  const nodes = [await node('alpha', gateway, folder, random, ends), await node('beta', gateway, folder, random, ends)] as const;
  const wanted = new Map<string, Wanted>();
  let turn = 0;
  for (const one of nodes) {
    const said = await connect({ url: one.proxy.url, key: gateway.key }, { live: one.live, name: one.name, dir: folder });
    assert.equal(said.code, 0, said.stderr);
  }
  for (const [one, other] of [nodes, [nodes[1], nodes[0]]] as const) {
    await until(
      `${one.name} to know the projects of ${other.name}`,
      async () => {
        const found: Array<{ name: string; projects: unknown[] }> = (await one.live.api('GET', '/sync/systems')).body.data;
        return found.some(({ name, projects }) => name === other.name && projects.length === folders) || undefined;
      },
      60_000,
    );
  }
  return {
    gateway,
    nodes,
    random,
    wanted,
    begin: async (at, on) => {
      turn += 1;
      const body = {
        project: `${on.name}${turn % folders}`,
        prompt: `number ${turn}`,
        agent: 'worker',
        ...(at === on ? {} : { system: on.name }),
      };
      const reply = await at.live.api('POST', '/tasks', body).catch(() => null); // The daemon is away: nothing was acknowledged.
      if (reply === null) return null;
      assert.ok(reply.status < 300, `${at.name} refused a task for ${on.name}: ${JSON.stringify(reply.body)}`);
      const { id } = reply.body.data as Task;
      const one = { id, at, on };
      wanted.set(id, one);
      return one;
    },
    startsOf: (id) => {
      const file = join(starts, id);
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    },
    end,
  };
};
