/**
 * An agent runs as the same user and has read the person's own token. It leaves no mark of itself in what it sends; who it is, is told by the
 * kernel: the process at the other end of the connection runs in an agent's window.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { insideAgent } from '../../adapters/system/index.ts';
import { fakeTerminal } from '../../adapters/tmux/fake.ts';
import { ok } from '../../src/errors.ts';
import type { Terminal } from '../../src/ports/terminal.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, playedWorld } from '../support/played-world.ts';
import { realClock } from '../support/real-clock.ts';

const furnished = async (house: ApiHouse): Promise<{ task: string; agent: string; approval: string }> => {
  await house.data('POST', '/api/v1/projects', { path: project });
  const task = await house.data<{ id: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
  const agent = await begin(house, task.id);
  const asked = await house.ask('POST', '/api/v1/report', {
    token: house.desk.issueForAgent(agent).secret,
    body: { report: 'ask', approval: true, text: 'May I?' },
  });
  return { task: task.id, agent, approval: (asked.body.data as { approval: string }).approval };
};

/** What an agent would run: a program with its mark in the environment, the person's token in its hand. Prints JSON. */
const runInWindow = async (agent: string, program: string, args: string[]): Promise<unknown> => {
  const { CCM_AGENT_ID: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...args], {
    env: { ...env, CCM_AGENT_ID: agent },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
};

const askAll = `
const [url, token, ...paths] = process.argv.slice(1);
const told = {};
for (const path of paths) {
  const reply = await fetch(url + '/api/v1/' + path, { method: 'POST', headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' }, body: '{}' });
  told[path] = reply.status;
}
console.log(JSON.stringify(told));`;

const typeIn = `
const [url, token, agent] = process.argv.slice(1);
const socket = new WebSocket(url.replace('http', 'ws') + '/ws');
const told = [];
socket.onmessage = ({ data }) => {
  if (typeof data !== 'string') return;
  const frame = JSON.parse(data);
  told.push(frame.code ?? frame.type);
  if (frame.type === 'ready') socket.send(JSON.stringify({ type: 'watch', channel: 1, agent }));
  if (frame.type === 'watching') {
    socket.send(JSON.stringify({ type: 'input', channel: 1, data: btoa('1\\r') }));
    socket.send(JSON.stringify({ type: 'resize', channel: 1, cols: 90, rows: 20 }));
  }
  if (told.filter((one) => one === 'CCM_FORBIDDEN').length === 2) { console.log(JSON.stringify(told)); process.exit(); }
};
socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token }));
setTimeout(() => { console.log(JSON.stringify(told)); process.exit(); }, 5000);`;

describe('from the window of an agent, with the best token', () => {
  it.runIf(process.platform === 'linux')('no decision, no trust, no key: by what the kernel tells of the connection', async () => {
    let port = 0;
    const house = await openApiHouse({ answer: playedWorld, app: { insideAgent: insideAgent(() => port) } });
    const { task, agent, approval } = await furnished(house);
    port = await house.listen();
    const paths = [
      `approvals/${approval}/approve`,
      `actors/${approval}/approve`,
      'projects/shop/trust',
      'tokens',
      'sync/asks/x/decide',
      'shutdown',
    ];
    const url = `http://127.0.0.1:${port}`;
    expect(await runInWindow(agent, askAll, [url, house.token, ...paths])).toEqual(Object.fromEntries(paths.map((path) => [path, 403])));
    expect(house.stops).toEqual([]);
    expect(house.runtime.state(approval)?.status).toBe('pending');
    house.clock.advance(61_000);
    const book = await house.data<{ inside: string | null; outcome: string; what: string }[]>('GET', '/api/v1/audit?refused=true');
    expect(book.filter(({ inside, outcome }) => inside === agent && outcome === 'CCM_FORBIDDEN')).toHaveLength(paths.length);
    // What a task may use is a person's to say, and whether it goes on beyond that; to go on otherwise is none of it.
    const asked = [`tasks/${task}/budget`, `tasks/${task}/resume`];
    expect(Object.values((await runInWindow(agent, askAll, [url, house.token, ...asked])) as object)).toEqual([403, 409]);
    const overrun = { scope: 'task', limit: 1, spent: 2 };
    await house.runtime.send(task, { type: 'BUDGET_REACHED', id: house.runtime.newId(), at: house.clock.now(), by: 'daemon', overrun });
    expect(house.runtime.state(task)?.status).toBe('overBudget');
    expect(Object.values((await runInWindow(agent, askAll, [url, house.token, ...asked])) as object)).toEqual([403, 403]);
    // Work it may give, as before.
    expect(await runInWindow(agent, askAll, [url, house.token, `tasks`])).toEqual({ tasks: 400 });
  });

  it.runIf(process.platform === 'linux')('no typing into a window over the socket, and it is written down', async () => {
    let port = 0;
    const typed: string[] = [];
    const terminal: Terminal = {
      ...fakeTerminal({ clock: realClock }),
      generation: () => '1:1',
      watch: async () => ok({ pause: () => undefined, resume: () => undefined, close: () => undefined }),
      type: async (_pane, bytes) => {
        typed.push(Buffer.from(bytes).toString());
        return ok(undefined);
      },
      resize: async (_pane, cols, rows) => {
        typed.push(`${cols}x${rows}`);
        return ok(undefined);
      },
    };
    const house = await openApiHouse({ answer: playedWorld, app: { terminal, insideAgent: insideAgent(() => port) } });
    const { agent } = await furnished(house);
    port = await house.listen();
    expect(await runInWindow(agent, typeIn, [`http://127.0.0.1:${port}`, house.token, agent])).toEqual([
      'ready',
      'watching',
      'CCM_FORBIDDEN',
      'CCM_FORBIDDEN',
    ]);
    expect(typed).toEqual([]);
    house.clock.advance(61_000);
    const book = await house.data<{ inside: string | null; what: string }[]>('GET', '/api/v1/audit?refused=true');
    expect(
      book
        .filter(({ inside }) => inside === agent)
        .map(({ what }) => what)
        .toSorted(),
    ).toEqual(['socket input', 'socket resize']);
  });

  it('every route that needs the scope admin, and each that decides, is refused to whoever says that it is an agent', async () => {
    const house = await openApiHouse({ answer: playedWorld });
    const { agent, approval } = await furnished(house);
    const decisions = ['/approve', '/deny', '/answer', '/decide', '/trust', '/:verb'];
    const rows = house.app.routeTable.filter(
      ({ method, url, access, hidden }) =>
        !hidden &&
        (access === 'admin' ||
          (method === 'POST' && decisions.some((end) => url.endsWith(end)) && !/\/(tasks|agents|sync)\/:\w+/.test(url))),
    );
    expect(rows.length).toBeGreaterThan(18);
    for (const { method, url } of rows) {
      const path = url.replace(':approval', approval).replace(':actor', approval).replaceAll(/:\w+/g, 'x');
      const reply = await house.ask(method as 'POST', path, { headers: { 'ccm-agent': agent } });
      expect(reply.status, `${method} ${path}: ${reply.text}`).toBe(403);
    }
  });
});
