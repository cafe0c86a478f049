/** The interface under load, over a real socket and a real database with `synchronous=FULL`. */
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { buildApiHouse, project } from '../support/build-api-house.ts';
import { type Figure, quantile } from './measure.ts';

const RATE = 100;
const SECONDS = 5;
const MANY = 10_000;
const LISTS = 50;

/**
 * Creating tasks at 100 requests a second (open loop: one is sent every 10 ms whether or not the last was answered), and lists while there
 * are 10,000 tasks. Milliseconds, as the client sees them on the loopback.
 */
export const benchApi = async (): Promise<Figure[]> => {
  const house = await buildApiHouse({ app: { limits: { perToken: 1e9, perAddress: 1e9 } } });
  try {
    await house.data('POST', '/api/v1/projects', { path: project });
    const port = await house.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const call = (method: string, path: string, body?: unknown): Promise<number> =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        const payload = body === undefined ? undefined : JSON.stringify(body);
        const headers = {
          authorization: `Bearer ${house.token}`,
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        };
        const sent = request({ host: '127.0.0.1', port, path, method, agent, headers }, (reply) => {
          reply.resume();
          reply.on('end', () =>
            reply.statusCode === 200 ? resolve(performance.now() - began) : reject(new Error(`${method} ${path}: ${reply.statusCode}`)),
          );
        });
        sent.on('error', reject);
        sent.end(payload);
      });
    const create = (i: number) => call('POST', '/api/v1/tasks', { project: 'shop', prompt: `Task ${i}\nwith a few words of what to do` });
    for (let i = 0; i < 50; i += 1) await create(i);

    const began = performance.now();
    const running: Promise<number>[] = [];
    for (let i = 0; i < RATE * SECONDS; i += 1) {
      await pause(Math.max(0, began + (i * 1000) / RATE - performance.now()));
      running.push(create(i));
    }
    const created = await Promise.all(running);

    for (let made = created.length + 50; made < MANY; made += 250)
      await Promise.all(Array.from({ length: Math.min(250, MANY - made) }, (_, i) => create(made + i)));
    const lists: number[] = [];
    const deep: number[] = [];
    const counted: number[] = [];
    for (let i = 0; i < LISTS; i += 1) {
      lists.push(await call('GET', '/api/v1/tasks?limit=100'));
      deep.push(await call('GET', '/api/v1/tasks?q=9999'));
      counted.push(await call('GET', '/api/v1/status'));
    }
    agent.destroy();
    const tasks = `${house.runtime.list({ kind: 'task', limit: 1 }).length > 0 ? MANY.toLocaleString('en-US') : 0} tasks`;
    return [
      { name: 'POST /tasks p50', value: quantile(created, 0.5), unit: 'ms', goal: { atMost: 20 }, note: `${RATE}/s for ${SECONDS} s` },
      { name: 'POST /tasks p99', value: quantile(created, 0.99), unit: 'ms', goal: { atMost: 100 }, note: `${RATE}/s for ${SECONDS} s` },
      { name: 'GET /tasks, first 100, p50', value: quantile(lists, 0.5), unit: 'ms', goal: { atMost: 50 }, note: tasks },
      { name: 'GET /tasks, first 100, p99', value: quantile(lists, 0.99), unit: 'ms', note: tasks },
      { name: 'GET /tasks?q= p50', value: quantile(deep, 0.5), unit: 'ms', goal: { atMost: 50 }, note: tasks },
      { name: 'GET /status p50', value: quantile(counted, 0.5), unit: 'ms', goal: { atMost: 20 }, note: tasks },
    ];
  } finally {
    await house.close();
  }
};
