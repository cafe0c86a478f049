/** A hub that is put back to an older copy of itself hears how its tasks stand from whoever has them, and none of them is done again. */
import { expect, onTestFinished, test } from 'vitest';
import { judge, rest } from '../simulation/sync/judge.ts';
import { acts } from '../simulation/sync/people.ts';
import { chanceOf, openWorld } from '../simulation/sync/world.ts';

type Stage = 'made' | 'taken' | 'begun' | 'ended';
const stages: readonly Stage[] = ['made', 'taken', 'begun', 'ended'];

const play = async (copied: 'before' | Stage, putBack: Stage) => {
  const world = await openWorld(5, 3, { crashes: false, clocks: false, deviceRestore: false, hubRestore: true });
  onTestFinished(() => world.end());
  world.net.fluent(true);
  const [one, two] = world.devices;
  const [asker, doer] = [one?.life(), two?.life()];
  if (!one || !asker || !two || !doer) throw new Error('nobody');
  const act = (name: string, life: typeof doer, device: typeof two, chance = chanceOf(5)) =>
    Promise.all([acts.find(([known]) => known === name)?.[2](life, chance, device), world.pass(4_000)]);
  const system = doer.sync.link()?.system ?? '';
  const pickDoer = <T>(from: readonly T[]): T | undefined => from.find((each) => Reflect.get(Object(each), 'id') === system) ?? from[0];
  const steps: Record<Stage, () => Promise<unknown>> = {
    made: () => act('new task for another machine', asker, one, { ...chanceOf(5), pick: pickDoer }),
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
  await rest(world);
  judge(world);
  const [task] = [...(world.user()?.rows.values() ?? [])].filter(({ tbl }) => tbl === 'task');
  const rejected = [asker, doer].flatMap(({ sync }) => sync.ops({ open: true, limit: 99 }).map(({ kind, error }) => `${kind} ${error}`));
  return { world, exec: task?.state['exec'], rejected, seen: [asker, doer].map(({ runtime }) => runtime.state(task?.id ?? '')?.status) };
};

test.each((['before', ...stages] as const).flatMap((copied, index) => stages.slice(index).map((putBack) => [copied, putBack] as const)))(
  'a copy from when it was %s, put back when it was %s',
  async (copied, putBack) => {
    const { world, exec, rejected, seen } = await play(copied, putBack);
    expect(world.wrong).toEqual([]);
    expect({ exec, seen, starts: world.starts.length, rejected }).toEqual({
      exec: 'ended',
      seen: ['succeeded', 'succeeded'],
      starts: 1,
      rejected: [],
    });
  },
);
