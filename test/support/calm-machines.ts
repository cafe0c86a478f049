/** Three machines and a hub in memory to which nothing happens by chance: the test says each step, and when all comes to rest. */
import { expect, onTestFinished } from 'vitest';
import type { Device } from '../simulation/sync/device.ts';
import { judge, rest } from '../simulation/sync/judge.ts';
import { acts, type Chance } from '../simulation/sync/people.ts';
import { chanceOf, openWorld } from '../simulation/sync/world.ts';

export const calmMachines = async ({ hubRestore = false } = {}) => {
  const world = await openWorld(5, 3, { crashes: false, clocks: false, deviceRestore: false, hubRestore });
  onTestFinished(() => world.end());
  const [one, two] = world.devices;
  if (!one || !two) throw new Error('a world of three machines has fewer than two');
  const lifeOf = (device: Device) => device.life() ?? expect.fail('the machine is down');
  /** What was asked for is done together with what it sets going on this side of the line. */
  const during = async <T>(asked: T | Promise<T>): Promise<T> => (await Promise.all([asked, world.drain()]))[0];
  /** One of the acts of the simulation, by its name. */
  const act = async (name: string, { on = one, chance = chanceOf(5) }: { on?: Device; chance?: Chance } = {}): Promise<void> => {
    const [, , doIt] = acts.find(([known]) => known === name) ?? expect.fail(`nobody can ${name}`);
    await during(doIt(lifeOf(on), chance, on));
  };
  /** The same chance, except that it always picks this machine where there is a choice. */
  const picking = (device: Device): Chance => {
    const system = lifeOf(device).sync.link()?.system;
    return { ...chanceOf(5), pick: (from) => from.find((each) => Reflect.get(Object(each), 'id') === system) ?? from[0] };
  };
  /** Lets time pass until nothing moves; then nothing that must hold may be broken. */
  const comesToRest = async (): Promise<void> => {
    await rest(world);
    judge(world);
    expect(world.wrong).toEqual([]);
  };
  return { world, one, two, lifeOf, during, act, picking, comesToRest };
};
