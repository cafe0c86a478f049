/** Tasks that change hands before anybody has them, or whose end is heard late: three machines and a hub in memory. */
import { expect, onTestFinished, test } from 'vitest';
import { judge, rest } from '../simulation/sync/judge.ts';
import { acts } from '../simulation/sync/people.ts';
import { chanceOf, openWorld } from '../simulation/sync/world.ts';

test('a task nobody was told of yet is handed to a third machine, and nothing is left of the first offer', async () => {
  const world = await openWorld(5, 3, { crashes: false, clocks: false, deviceRestore: false, hubRestore: false });
  onTestFinished(() => world.end());
  const [one] = world.devices;
  const life = one?.life();
  if (!one || !life) throw new Error('nobody');
  const { remote } = life.service;
  await Promise.all([acts.find(([known]) => known === 'new task for another machine')?.[2](life, chanceOf(77), one), world.drain()]);
  const [task] = life.runtime.list({ kind: 'task' });
  const id = task?.id ?? '';
  const first = life.runtime.state(id)?.context['system'];
  const here = life.sync.link()?.system ?? '';
  const third = life.sync.rows('system').find((row) => row.id !== first && row.id !== here)?.id ?? '';
  const move = async (to: string) => (await Promise.all([remote.handoff(id, to, { by: 'cli', requestId: null }), world.drain()]))[0];
  expect(await move(String(first))).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('already') } });
  expect(await move(here)).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('run-here') } });
  expect(await move(third)).toMatchObject({ ok: true });
  expect(life.sync.openOf('task', id).map(({ kind, arg }) => [kind, arg['target']])).toEqual([['offer', third]]);
  await rest(world);
  judge(world);
  expect(world.wrong).toEqual([]);
  expect(world.user()?.rows.get(`task ${id}`)?.state['owner']).toBe(third);
});

test('a task that expired here by a clock two days ahead, and was done there, is heard as done', async () => {
  const world = await openWorld(5, 3, { crashes: false, clocks: false, deviceRestore: false, hubRestore: false });
  onTestFinished(() => world.end());
  const [one, two] = world.devices;
  const doer = two?.life()?.sync.link()?.system ?? '';
  const act = async (name: string, on = one) => {
    const life = on?.life();
    if (!on || !life) throw new Error('nobody');
    const chance = chanceOf(5);
    const pick: typeof chance.pick = (from) => from.find((each) => Reflect.get(Object(each), 'id') === doer) ?? from[0];
    await Promise.all([acts.find(([known]) => known === name)?.[2](life, { ...chance, pick }, on), world.drain()]);
  };
  const status = () => one?.life()?.runtime.list({ kind: 'task' })[0]?.status;
  world.net.fluent(true);
  two?.kill();
  await act('new task for another machine');
  await world.pass(4_000);
  expect(status()).toBe('offered');
  one?.clock.sleep(2 * 86_400_000);
  await world.pass(60_000);
  expect(status(), 'nobody took it in a day, by this clock').toBe('expired');
  // What happens there meanwhile is heard at its end only.
  await Promise.all([one?.life()?.service.command('pause', { by: 'cli', requestId: null }), world.drain()]);
  if (two) await world.boot(two);
  await world.pass(4_000);
  await act('grant', two);
  await act('finish', two);
  await world.pass(4_000);
  await rest(world);
  judge(world);
  expect(world.wrong).toEqual([]);
  expect(status()).toBe('succeeded');
});
