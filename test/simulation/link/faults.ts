/** What can befall the way to the hub, its answers, and the machines themselves. Each has a beginning and an end, between which work goes on. */

import type { Weather } from '../../support/fault-proxy.ts';
import type { Fault as HubFault } from '../../support/hub/gateway.ts';
import type { LinkWorld, Node } from './world.ts';

export type Fault = {
  name: string;
  /** `on`: the machine chosen by chance. */
  begin: (world: LinkWorld, on: Node) => Promise<void>;
  end: (world: LinkWorld, on: Node) => Promise<void>;
  /** Reasons of which the link of a machine that meets it must give one; null: it may stay connected. */
  says: readonly string[] | null;
  /** Both machines meet it. */
  both?: true;
};

const calm: Weather = { delayMs: 0, loss: 0, held: 0, heldMs: 0, blackHole: false, halfOpen: false };
const weather = (name: string, says: Fault['says'], change: (random: () => number) => Partial<Weather>): Fault => ({
  name,
  says,
  begin: async ({ random }, { proxy }) => proxy.weather(change(random)),
  end: async (_, { proxy }) => proxy.weather(calm),
});
const answers = (name: string, says: Fault['says'], fault: HubFault): Fault => ({
  name,
  says,
  both: true,
  begin: async ({ gateway }) => gateway.fault(() => fault),
  end: async ({ gateway }) => gateway.fault(null),
});
const json = (status: number, body: unknown, headers: Record<string, string> = {}): HubFault => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});
const page = '<!doctype html><title>Welcome to our network</title><form>Sign in</form>';

const clock = (name: string, ms: number): Fault => ({
  name,
  says: null,
  begin: async (_, on) => on.moveClock(ms),
  end: async (_, on) => on.moveClock(-ms),
});

export const faults: readonly Fault[] = [
  weather('latency', null, (random) => ({ delayMs: 100 + Math.floor(random() * 400) })),
  weather('loss', null, () => ({ loss: 0.15 })),
  weather('overtaking', null, () => ({ held: 0.3, heldMs: 1_200 })),
  weather('a black hole', ['networkLost'], () => ({ blackHole: true })),
  weather('a half-open line', ['networkLost'], () => ({ halfOpen: true })),
  weather('resets', ['networkLost'], () => ({ loss: 1 })),
  {
    name: 'a line that drops again and again',
    says: null,
    begin: async ({ random }, { proxy }) => {
      for (let n = 0; n < 6; n += 1) {
        proxy.reset();
        await new Promise((done) => setTimeout(done, random() * 300));
      }
    },
    end: async (_, { proxy }) => proxy.reset(),
  },
  answers('a sign-in page', ['portal'], { status: 200, body: page }),
  answers('a sign-in page elsewhere', ['portal'], { status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } }),
  answers('status 401', ['authExpired'], json(401, { code: 'PGRST301', message: 'JWT expired' })),
  answers('status 403 as a page', ['portal'], { status: 403, body: page }),
  answers('status 403 as JSON', ['portal'], json(403, { message: 'forbidden' })),
  answers('status 429', ['throttled'], json(429, { message: 'slow down' }, { 'retry-after': '2' })),
  answers('status 503', ['hubDown'], { status: 503, body: 'no' }),
  answers('status 503 with a time', ['throttled'], { status: 503, body: 'no', headers: { 'retry-after': '2' } }),
  answers('status 540', ['hubPaused'], { status: 540, body: 'paused' }),
  answers('requests that are never answered', ['networkLost'], 'hang'),
  {
    name: 'answers lost after the work',
    says: null,
    both: true,
    begin: async ({ gateway, random }) => gateway.fault((_, path) => (path.includes('/rest/') && random() < 0.4 ? 'after' : null)),
    end: async ({ gateway }) => gateway.fault(null),
  },
  {
    name: 'a doorbell that never rings',
    says: null,
    both: true,
    begin: async ({ gateway }) => gateway.silence(true),
    end: async ({ gateway }) => gateway.silence(false),
  },
  { name: 'kill -9', says: null, begin: async (_, { live }) => live.crash(), end: async (_, { up }) => up() },
  {
    name: 'SIGSTOP',
    says: null,
    begin: async (_, { live }) => void process.kill(live.pid, 'SIGSTOP'),
    end: async (_, { live }) => void process.kill(live.pid, 'SIGCONT'),
  },
  clock('a clock an hour ahead', 3_600_000),
  clock('a clock an hour behind', -3_600_000),
  clock('a clock two days ahead', 2 * 86_400_000),
  clock('a clock two days behind', -2 * 86_400_000),
];
