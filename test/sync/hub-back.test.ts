/** A hub that is put back to an older copy of itself hears how its tasks stand from whoever has them, and none of them is done again. */
import { expect, test } from 'vitest';
import { acts } from '../simulation/sync/people.ts';
import { chanceOf } from '../simulation/sync/world.ts';
import { calmMachines } from '../support/calm-machines.ts';

type Stage = 'made' | 'taken' | 'begun' | 'ended';
const stages: readonly Stage[] = ['made', 'taken', 'begun', 'ended'];

const play = async (copied: 'before' | Stage, putBack: Stage) => {
  const { world, one, two, lifeOf, picking, comesToRest } = await calmMachines({ hubRestore: true });
  world.net.fluent(true);
  const [asker, doer] = [lifeOf(one), lifeOf(two)];
  const act = (name: string, life: typeof doer, device: typeof two, chance = chanceOf(5)) =>
    Promise.all([acts.find(([known]) => known === name)?.[2](life, chance, device), world.pass(4_000)]);
  const steps: Record<Stage, () => Promise<unknown>> = {
    made: () => act('new task for another machine', asker, one, picking(two)),
    taken: () => world.pass(4_000),
    begun: () => act('grant', doer, two),
    ended: () => act('finish', doer, two, { ...chanceOf(5), next: () => 0 }),
  };
  let back: (() => void) | null = copied === 'before' ? world.hub.backup() : null;
  for (const stage of stages) {
    await steps[stage]();
    if (stage === copied) back = world.hub.backup();
    if (stage !== putBack) continue;
    back?.();
    world.seen.rewind();
    await world.pass(4_000);
  }
  for (const life of [asker, doer]) await Promise.all([life.service.command('now', { by: 'cli', requestId: null }), world.pass(1_000)]);
  await comesToRest();
  const [task] = [...(world.user()?.rows.values() ?? [])].filter(({ tbl }) => tbl === 'task');
  const rejected = [asker, doer].flatMap(({ sync }) => sync.ops({ open: true, limit: 99 }).map(({ kind, error }) => `${kind} ${error}`));
  return {
    starts: world.starts.length,
    exec: task?.state['exec'],
    rejected,
    seen: [asker, doer].map(({ runtime }) => runtime.state(task?.id ?? '')?.status),
  };
};

test.each((['before', ...stages] as const).flatMap((copied, index) => stages.slice(index).map((putBack) => [copied, putBack] as const)))(
  'a copy from when it was %s, put back when it was %s',
  async (copied, putBack) => {
    expect(await play(copied, putBack)).toEqual({
      exec: 'ended',
      seen: ['succeeded', 'succeeded'],
      starts: 1,
      rejected: [],
    });
  },
);
