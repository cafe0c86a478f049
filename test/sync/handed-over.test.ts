/** Tasks that change hands before anybody has them, or whose end is heard late: three machines and a hub in memory. */
import { expect, test } from 'vitest';
import { chanceOf } from '../simulation/sync/world.ts';
import { calmMachines } from '../support/calm-machines.ts';

const cli = { by: 'cli', requestId: null };

test('a task nobody was told of yet is handed to a third machine, and nothing is left of the first offer', async () => {
  const { world, one, lifeOf, during, act, comesToRest } = await calmMachines();
  await act('new task for another machine', { chance: chanceOf(77) });
  const life = lifeOf(one);
  const [task] = life.runtime.list({ kind: 'task' });
  const id = task?.id ?? '';
  const first = life.runtime.state(id)?.context['system'];
  const here = life.sync.link()?.system ?? '';
  const third = life.sync.rows('system').find((row) => row.id !== first && row.id !== here)?.id ?? '';
  const move = (to: string) => during(life.service.remote.handoff(id, to, cli));
  expect(await move(String(first))).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('already') } });
  expect(await move(here)).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('run-here') } });
  expect(await move(third)).toMatchObject({ ok: true });
  expect(life.sync.openOf('task', id).map(({ kind, arg }) => [kind, arg['target']])).toEqual([['offer', third]]);
  await comesToRest();
  expect(world.user()?.rows.get(`task ${id}`)?.state['owner']).toBe(third);
});

test('a task that expired here by a clock two days ahead, and was done there, is heard as done', async () => {
  const { world, one, two, lifeOf, during, act, picking, comesToRest } = await calmMachines();
  const status = () => lifeOf(one).runtime.list({ kind: 'task' })[0]?.status;
  const toTheOther = picking(two);
  world.net.fluent(true);
  two.kill();
  await act('new task for another machine', { chance: toTheOther });
  await world.pass(4_000);
  expect(status()).toBe('offered');
  one.clock.sleep(2 * 86_400_000);
  await world.pass(60_000);
  expect(status(), 'nobody took it in a day, by this clock').toBe('expired');
  // What happens there meanwhile is heard at its end only.
  await during(lifeOf(one).service.command('pause', cli));
  await world.boot(two);
  await world.pass(4_000);
  await act('grant', { on: two, chance: toTheOther });
  await act('finish', { on: two, chance: toTheOther });
  await world.pass(4_000);
  await comesToRest();
  expect(status()).toBe('succeeded');
});
