/**
 * Messages to a program that misbehaves in every way seen of real ones, and a daemon that is killed between any two steps: none is lost without a
 * word, none is taken twice, none is said to be answered that was not taken. In the time of a test's own clock; repeats by its seed.
 */
import assert from 'node:assert/strict';
import { boxProgram, type Misbehaviour } from '../support/box-program.ts';
import { seededRandom } from '../support/seeded.ts';
import { PROMPT, truthHouse } from '../support/truth-house.ts';
import type { Campaign } from './report.ts';
import { runTerminalDelivery } from './terminal-delivery.ts';

const EACH = 20;
const STEP_MS = 250;
/** Virtual time for all messages of one task. */
const LONGEST_MS = 1_500_000;
const ended = new Set(['answered', 'failed', 'cancelled']);

type Counts = Record<string, number>;

/** Each on its own, or none. */
const misbehaviours: ReadonlyArray<readonly [string, Misbehaviour]> = [
  ['nothing wrong', {}],
  ['one Enter swallowed', { swallow: 1 }],
  ['two Enters swallowed', { swallow: 2 }],
  ['every Enter swallowed', { swallow: 99 }],
  ['a debounced paste', { debounceMs: 1_000 }],
  ['a dialog in the middle', { dialogMs: 2_500 }],
  ['a dialog before', { afterMs: 3_000 }],
  ['its hook lost', { mute: true }],
  ['its hook late', { lateMs: 1_500 }],
];

/** One task and its messages. Throws what is not true; returns what happened to how many. */
export const deliverOnce = async (seed: number, { messages = EACH, kills = true } = {}): Promise<Counts> => {
  const random = seededRandom(seed);
  const counts: Counts = {};
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
  const house = await truthHouse({ kind: 'claude', settleMs: 300 });
  try {
    const fates = new Map<string, Misbehaviour>();
    const fateOf = (text: string): Misbehaviour => [...fates].find(([mark]) => text.includes(mark))?.[1] ?? {};
    const program = boxProgram(house, fateOf);
    await house.begin();
    await house.hook('claude', { hook_event_name: 'SessionStart', source: 'startup', session_id: 's' });
    const sent = new Map<string, string>();
    const begun = house.clock.awake();
    for (let n = 0; n < messages; n += 1) {
      const [name, fate] = misbehaviours[Math.floor(random() * misbehaviours.length)] ?? ['nothing wrong', {}];
      const mark = `message ${n} of ${seed}.`;
      fates.set(mark, fate);
      count(name);
      sent.set(await house.send(`${mark} Please do it.`), mark);
    }
    const statusOf = (id: string): string => house.now().runtime.state(id)?.status ?? 'lost';
    const open = (): boolean => [...sent.keys()].some((id) => !ended.has(statusOf(id)));
    let nextKill = kills ? 3_000 + random() * 20_000 : Number.POSITIVE_INFINITY;
    while (open() && house.clock.awake() - begun < LONGEST_MS) {
      await house.pass(STEP_MS);
      await program.tick();
      if (house.clock.awake() - begun < nextKill) continue;
      await house.down();
      count('the daemon was killed');
      for (let away = random() * 4_000; away > 0; away -= STEP_MS) {
        house.clock.advance(STEP_MS);
        await program.tick();
      }
      await house.up();
      nextKill = house.clock.awake() - begun + 3_000 + random() * 30_000;
    }
    for (const [id, mark] of sent) {
      const status = statusOf(id);
      const times = program.taken.filter((text) => text.includes(mark)).length;
      assert.ok(ended.has(status), `${mark} is still ${status}`);
      assert.ok(times <= 1, `${mark} was taken ${times} times`);
      if (status === 'answered') assert.equal(times, 1, `${mark} counts as answered and was never taken`);
      if (status === 'failed') assert.equal(times, 0, `${mark} counts as failed and was taken`);
      count(status);
    }
    assert.equal(program.blind(), 0, 'an Enter met a dialog');
    assert.ok(program.taken.filter((text) => text.includes(PROMPT)).length <= 1, 'the first prompt was taken twice');
    return counts;
  } finally {
    await house.end();
  }
};

const playedDelivery: Campaign = async ({ seed, seconds }) => {
  const end = performance.now() + seconds * 1_000;
  const all: Counts = {};
  const detail: string[] = [];
  let [passed, failed] = [0, 0];
  for (let round = 0; round < 1_000 / EACH && performance.now() < end; round += 1) {
    try {
      for (const [what, many] of Object.entries(await deliverOnce(seed + round))) all[what] = (all[what] ?? 0) + many;
      passed += EACH;
    } catch (error) {
      failed += 1;
      detail.push(`seed ${seed + round}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  detail.push(
    `${passed} messages delivered truly: ${Object.entries(all)
      .map(([what, many]) => `${what} ${many}`)
      .join(', ')}`,
  );
  return { name: 'delivery to a program that misbehaves', passed, failed, detail };
};

/** On the clock of a test, and, for at most a minute, in a real terminal. */
export const runDeliveryCampaign: Campaign = async ({ seed, seconds }) => {
  const real = Math.min(60, seconds / 2);
  const played = await playedDelivery({ seed, seconds: seconds - real });
  const typed = await runTerminalDelivery({ seed, seconds: real });
  return {
    name: played.name,
    passed: played.passed + typed.passed,
    failed: played.failed + typed.failed,
    detail: [...played.detail, ...typed.detail],
  };
};
