/** A supervised program talks to its model and to nobody else, unless a person allows it: no updates, no telemetry. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Program, type ProgramWorld, programWorld } from '../../support/program-world.ts';
import { until } from '../../support/until.ts';
import { LONG_MS } from './worlds.ts';

/** `always`: hosts that it asks whatever its settings say. */
export const quietContract = (name: string, program: Program, always: readonly string[] = []): void => {
  /** `line`: one more of its profile. The model is its proxy too, and hears whom else it asks for. */
  const worldWith = async (line = '') => {
    const w = await programWorld({
      ...program,
      config: (stubUrl) => {
        const proxy = { HTTPS_PROXY: stubUrl, https_proxy: stubUrl, NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
        const env = Object.entries(proxy).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
        return program.config(stubUrl).replace('env = {', `${line}\nenv = { ${env.join(', ')},`);
      },
    });
    w.testBegins();
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') console.error(await w.account());
      await w.end();
    }, 90_000);
    return w;
  };

  const others = ({ stub }: ProgramWorld) => stub.others().filter((host) => !always.includes(host));

  describe(`${name} and the rest of the world`, () => {
    test(
      'through two turns it asks nobody but its model',
      async () => {
        const w = await worldWith();
        const task = await w.begin('say hello');
        await w.ended(task.id);
        const { stdout } = await w.live.ccm('send', task.id, 'and once more', '--wait');
        expect(stdout).toContain('echo: and once more');
        expect(others(w)).toEqual([]);
      },
      LONG_MS,
    );

    test(
      'with `telemetry = true` it may, and it does',
      async () => {
        const w = await worldWith('telemetry = true');
        const task = await w.begin('say hello');
        await w.ended(task.id);
        await until('somebody else to be asked', () => others(w)[0], LONG_MS / 2);
      },
      LONG_MS,
    );
  });
};
