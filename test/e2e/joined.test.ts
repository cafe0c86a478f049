/** Two machines in daily use: whatever a person does with a task at one, they can do from the other, and see the same words. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Machine, twoMachines, untilLink } from '../support/two-machines.ts';
import { until } from '../support/until.ts';

type Task = {
  id: string;
  short: string;
  status: string;
  ended: boolean;
  system: string | null;
  agentState: { progress: string | null } | null;
};
type Item = { short: string; text: string; system?: string };
const data = async <T>(one: Machine, path: string): Promise<T> => (await one.live.api('GET', path)).body.data;

/** Talks: prints, tells how far it is, and waits for a file that ends it. */
const worker = (dir: string) => `
echo "line one of $1"
ccm report progress "half way on $1"
if [ -f ${dir}/ask ]; then printf '%s' "$(ccm report ask "Which colour?" --wait)" > ${dir}/answer; fi
while [ ! -f ${dir}/go ]; do sleep 0.1; done
ccm report done "done on $1"
`;

describe('two machines joined', () => {
  let world: Awaited<ReturnType<typeof twoMachines>>;
  beforeAll(async () => {
    world = await twoMachines({ folder: null });
    const { gateway, a, b } = world;
    for (const one of [a, b]) {
      writeFileSync(join(one.dir, 'worker.sh'), worker(one.dir));
      await one.live.up();
      const said = await connect(gateway, one);
      expect(said.code, said.stderr).toBe(0);
    }
    await b.live.ccm('project', 'add', b.dir, '--name', 'there', '--agent', 'worker', '--json');
    for (const one of [a, b]) await untilLink(one, 'online', 'executing');
  }, 260_000);
  afterAll(() => world.end(), 60_000);

  const seenFromA = (id: string, what: string, is: (task: Task) => boolean): Promise<Task> =>
    until(
      `alpha to see ${what}`,
      async () => {
        const reply = await world.a.live.api('GET', `/tasks/${id}`);
        const task: Task = reply.body.data;
        return reply.status === 200 && is(task) ? task : undefined;
      },
      60_000,
    );

  test('a task of beta is listed, shown, read, answered and stopped from alpha, and nothing but the name of the system differs', async () => {
    const { a, b } = world;
    writeFileSync(join(b.dir, 'ask'), '');
    const made = await b.live.ccm('new', 'there', 'Paint the fence', '--json');
    expect(made.code, made.stderr).toBe(0);
    const { id, short } = (made.json() as { data: Task }).data;
    await seenFromA(id, 'the question', ({ status }) => status === 'needsAnswer');

    const listed = (await a.live.ccm('ls', '--all', '--json')).json() as { data: Task[] };
    expect(listed.data).toMatchObject([{ id, status: 'needsAnswer', system: 'beta', ended: false }]);
    expect((await a.live.ccm('ls')).stdout).toMatch(/needs answer.*Paint the fence.*beta/);
    const [item] = await data<Item[]>(a, '/inbox');
    expect(item).toMatchObject({ text: 'Which colour?', system: 'beta' });
    expect((await a.live.ccm('inbox')).stdout).toContain('Which colour?');

    // Named by its task, as at home.
    const answered = await a.live.ccm('answer', short, 'green');
    expect(answered.code, answered.stderr).toBe(0);
    await until('the answer to be heard', () => existsSync(join(b.dir, 'answer')) || undefined, 30_000);
    expect(await data<Item[]>(a, '/inbox')).toEqual([]);
    // The second one is told who was first.
    const late = await a.live.ccm('answer', item?.short ?? '', 'blue');
    expect(late.code).toBe(6);
    expect(late.stderr).toMatch(/^It was answered already, by cli: "green"\.\n/);
    expect((await b.live.ccm('answer', item?.short ?? '', 'red')).stderr).toMatch(/^It was answered already, by cli on alpha: "green"\.\n/);
    expect((await a.live.ccm('outbox')).stdout).not.toContain('rejected');

    const progress = await seenFromA(id, 'the progress', ({ agentState }) => agentState?.progress === 'half way on beta');
    expect(progress.status).toBe('working');
    expect((await a.live.ccm('show', short)).stdout).toMatch(/system\s+beta[\s\S]*half way on beta/);
    const log = await a.live.ccm('logs', short);
    expect(log.stdout, log.stderr).toContain('line one of beta');

    const paused = await a.live.ccm('pause', short, '--json');
    expect(paused.code, paused.stderr).toBe(0);
    await seenFromA(id, 'the pause', ({ status }) => status === 'paused');
    expect((await a.live.ccm('pause', short)).code).toBe(6);
    expect((await a.live.ccm('resume', short)).code).toBe(0);
    const stopped = await a.live.ccm('stop', short);
    expect(stopped.code, stopped.stderr).toBe(0);
    await seenFromA(id, 'the end', ({ status }) => status === 'cancelled');
    expect((await data<Task>(b, `/tasks/${id}`)).status).toBe('cancelled');
    rmSync(join(b.dir, 'ask'));
  }, 180_000);

  test('a task given away is spoken to from where it was made, and what cannot be done is said in the words of its machine', async () => {
    const { a, b } = world;
    const made = await a.live.ccm('new', 'there', 'Build the gate', '--on', 'beta', '--json');
    expect(made.code, made.stderr).toBe(0);
    const { id, short } = (made.json() as { data: Task }).data;
    await seenFromA(id, 'it working', ({ status }) => status === 'working');
    const sent = await a.live.ccm('send', short, 'and paint it', '--json');
    expect(sent.code, sent.stderr).toBe(0);
    await until('the message to stand in the queue of the agent there', async () => {
      const there = await data<Array<{ text: string }>>(b, `/tasks/${id}/messages`);
      return there.some(({ text }) => text === 'and paint it') || undefined;
    });
    expect(await data<unknown[]>(a, `/tasks/${id}/messages`)).toMatchObject([{ text: 'and paint it', system: 'beta' }]);
    const refused = await a.live.ccm('resume', short);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('not possible while the task is working');
    // What beta has begun is not begun here beside it, and its files are there.
    const second = await a.live.ccm('run-here', short);
    expect([second.code, second.stderr]).toEqual([6, expect.stringContaining('beta has it already')]);
    expect((await data<{ commands: Array<{ verb: string }> }>(a, `/tasks/${id}`)).commands.map(({ verb }) => verb)).not.toContain(
      'run-here',
    );
    expect((await a.live.ccm('diff', short)).stderr).toContain('is on beta; this can be had there only');
    expect((await a.live.ccm('logs', short)).stdout).toContain('line one of beta');
    writeFileSync(join(b.dir, 'go'), '');
    const ended = await seenFromA(id, 'the end', (task) => task.ended);
    expect(ended).toMatchObject({ status: 'succeeded', system: 'beta' });
    // More work for it: it goes on there, and its answer is waited for here.
    const answered = await a.live.ccm('send', short, 'and the hinges', '--wait', '--timeout', '60');
    expect(answered.code, answered.stderr).toBe(0);
    expect(answered.stdout).toContain('done on beta');
    expect(await data<unknown[]>(b, `/tasks/${id}/messages`)).toMatchObject([{}, { text: 'and the hinges', status: 'answered' }]);
    rmSync(join(b.dir, 'go'));
  }, 120_000);

  test('what is asked for right after the cut, while the link still says online, waits as queuing, and can be done here instead', async () => {
    const { gateway, a, b } = world;
    await a.live.ccm('project', 'add', a.dir, '--name', 'there', '--agent', 'worker', '--json');
    await untilLink(a, 'online', 'executing');
    gateway.fault(() => 'reset');
    const ask = async (prompt: string): Promise<Task> =>
      (await a.live.api('POST', '/tasks', { project: 'there', prompt, system: 'beta' })).body.data;
    const first = await ask('Mend the roof');
    await untilLink(a, 'queuing');
    // Whether the hub has the first is not known; it has surely not heard of this one.
    const { id, short } = await ask('Mend the gate');
    expect(await data<unknown>(a, `/tasks/${id}`)).toMatchObject({ system: 'beta', hereInstead: { name: 'there' } });
    // Why it waits, in the same words wherever one looks.
    const { reason } = await data<{ reason: string }>(a, `/tasks/${id}`);
    expect(reason).toMatch(/^It waits to be sent: .+\.$/);
    expect((await data<{ sentence: string }>(a, `/tasks/${id}/why`)).sentence).toBe(reason);
    expect((await a.live.ccm('show', short)).stdout).toMatch(/reason +It waits to be sent: /);
    expect((await a.live.ccm('handoff', 'Mend the g', 'alpha', '--dry-run')).stdout).toContain('would be given to alpha');
    writeFileSync(join(a.dir, 'go'), '');
    const here = await a.live.ccm('run-here', short);
    expect(here.code, here.stderr).toBe(0);
    const ended = await seenFromA(id, 'the end', (task) => task.ended);
    expect(ended).toMatchObject({ status: 'succeeded', system: null, result: { summary: 'done on alpha' } });
    gateway.fault(null);
    await untilLink(a, 'online', 'executing');
    await until('beta to hear of it', async () => {
      const { status, body } = await b.live.api('GET', `/tasks/${id}`);
      const task: Task = body.data;
      return status === 200 && task.system === 'alpha' && task.ended ? true : undefined;
    });
    writeFileSync(join(b.dir, 'go'), '');
    expect(await seenFromA(first.id, 'the first one done there', (task) => task.ended)).toMatchObject({
      result: { summary: 'done on beta' },
    });
    for (const { dir } of [a, b]) rmSync(join(dir, 'go'));
  }, 120_000);

  test('law 9: a machine that is not heard of is shown as such; its task is taken away by a person, and it is refused when it comes back', async () => {
    const { gateway, a, b } = world;
    const made = await a.live.ccm('new', 'there', 'Paint the door', '--on', 'beta', '--json');
    const { id, short } = (made.json() as { data: Task }).data;
    await seenFromA(id, 'it working', ({ status }) => status === 'working');
    expect((await a.live.ccm('handoff', short, 'alpha')).code).toBe(6);
    // Taken by beta too, and waits for its turn there: held by a lease.
    const second = ((await a.live.ccm('new', 'there', 'Paint the window', '--on', 'beta', '--json')).json() as { data: Task }).data;
    await seenFromA(second.id, 'it taken', ({ status }) => status === 'queued');
    process.kill(b.live.pid, 'SIGSTOP');
    try {
      await gateway.query(`update public.ccm_task set lease_until = clock_timestamp() - interval '1 s' where exec = 'claimed'`);
      await gateway.query(`update public.ccm_system s set last_seen = clock_timestamp() - interval '10 minutes', seq = h.seq + 1
        from public.ccm_head h where h.user_id = s.user_id and s.doc ->> 'name' = 'beta'`);
      await gateway.query('update public.ccm_head set seq = seq + 1');
      await a.live.ccm('sync', 'now');
      const gone = await seenFromA(id, 'it unreachable', ({ status }) => status === 'unreachable');
      expect(gone).toMatchObject({ system: 'beta', ended: false });
      expect((await a.live.ccm('show', short)).stdout).toMatch(/beta was last seen at/);
      const taken = await a.live.ccm('reassign', short, 'alpha');
      expect(taken.code, taken.stderr).toBe(0);
      await seenFromA(id, 'it working here', ({ status, system }) => status === 'working' && system === null);
      // A lease that ran out gives a task to nobody: a person does.
      await seenFromA(second.id, 'it unreachable', ({ status }) => status === 'unreachable');
      const also = await a.live.ccm('reassign', second.short, 'alpha');
      expect(also.code, also.stderr).toBe(0);
      await seenFromA(second.id, 'it waiting here', ({ status, system }) => status === 'queued' && system === null);
    } finally {
      process.kill(b.live.pid, 'SIGCONT');
    }
    await until(
      'beta to stop its own attempt',
      async () => {
        const { body } = await b.live.api('GET', `/agents?all=true&task=${id}`);
        return (body.data as Array<{ process: string }>).every((agent) => agent.process === 'exited') ? true : undefined;
      },
      60_000,
    );
    const refused = await data<Array<{ status: string; title: string }>>(b, '/sync/outbox');
    expect(refused.filter(({ status }) => status === 'rejected')).toEqual([]);
    writeFileSync(join(a.dir, 'go'), '');
    const ended = await seenFromA(id, 'the end', (task) => task.ended);
    for (const one of [ended, await seenFromA(second.id, 'the end of the other', (task) => task.ended)])
      expect(one).toMatchObject({ status: 'succeeded', result: { summary: 'done on alpha' } });
    const never = await data<unknown[]>(b, `/agents?all=true&task=${second.id}`);
    expect(never).toEqual([]);
    const [row] = await gateway.query('select fence, owner, exec from public.ccm_task where id = $1', [id]);
    expect(Number(row?.['fence'])).toBeGreaterThan(1);
    rmSync(join(a.dir, 'go'));
  }, 180_000);
});
