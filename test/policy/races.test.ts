/** A thousand permissions that everybody decides at once: two persons, the agent's own window, the policy and the clock. One decision each. */
import { expect, test } from 'vitest';
import type { ApprovalContext } from '../../machines/approval.ts';
import { seededRandom } from '../support/seeded.ts';
import { openShop, running } from '../support/shop.ts';

const RACES = 1_000;
const AT_ONCE = 50;

test('one decision each, the first; every other one is refused or changes nothing', async () => {
  const house = await openShop();
  const { agent, task } = await running(house);
  const { runtime, clock } = house;
  const random = seededRandom(7);
  const won: Record<string, number> = {};
  for (let round = 0; round < RACES / AT_ONCE; round += 1) {
    const ids = Array.from({ length: AT_ONCE }, () => runtime.newId());
    const accepted = new Map<string, number>();
    const count = (id: string) => () => void accepted.set(id, (accepted.get(id) ?? 0) + 1);
    clock.advance(10);
    const at = clock.now();
    await Promise.all(
      ids.map((id, index) => {
        const policy = index % 10 === 0 ? { decision: index % 20 === 0 ? 'allow' : 'deny', rule: 'a rule', reason: null } : null;
        const asked = { id, at, agent, task: task.id, project: task.project.id, kind: 'approval', text: 'May I?', tool: null, choices: [] };
        return runtime.create('approval', { ...asked, expiresAt: at + 1_000, policy });
      }),
    );
    const deciders = ids.flatMap((id) => [
      () => runtime.command(id, { type: 'ALLOW', by: 'cli' }).then(count(id)),
      () => runtime.command(id, { type: 'DENY', by: 'web' }).then(count(id)),
      () => runtime.send(id, { type: 'WITHDRAW', by: 'terminal' }).then((step) => (step.handled ? count(id)() : undefined)),
    ]);
    const shuffled = deciders.map((decide) => ({ decide, place: random() })).toSorted((a, b) => a.place - b.place);
    // Half of them are given before the time is over, the others in the moment in which it is.
    const half = shuffled.length / 2;
    const given = shuffled.slice(0, half).map(({ decide }) => decide().catch(() => undefined));
    clock.advance(1_001);
    given.push(...shuffled.slice(half).map(({ decide }) => decide().catch(() => undefined)));
    await Promise.all(given);
    await runtime.idle();
    for (const id of ids) {
      const context = runtime.state(id)?.context as ApprovalContext;
      const decisions = runtime
        .history(id)
        .filter(({ event }) => ['ALLOW', 'DENY', 'WITHDRAW'].includes(event.type) || event.type.includes('after'));
      const byPolicy = context.policy === null ? 0 : 1;
      expect(decisions.length + byPolicy, `${id} was decided by ${context.decidedBy}`).toBe(1);
      expect(accepted.get(id) ?? 0, 'only the winner is told that he decided').toBe(
        ['policy', 'timer'].includes(context.decidedBy ?? '') ? 0 : 1,
      );
      won[context.decidedBy ?? 'nobody'] = (won[context.decidedBy ?? 'nobody'] ?? 0) + 1;
    }
  }
  expect(Object.values(won).reduce((sum, n) => sum + n, 0)).toBe(RACES);
  expect(Object.keys(won), JSON.stringify(won)).toEqual(expect.arrayContaining(['cli', 'web', 'terminal', 'policy']));
}, 60_000);
