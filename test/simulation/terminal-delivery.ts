/**
 * Messages into a real terminal: a real daemon, a real tmux server, the stand-in in its pane, and a person whose hands are on the same window. What
 * the program wrote into its own book is what it took; what we say of each message is held against that.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { standInProgram } from '../support/program-stand-in.ts';
import { type ProgramWorld, programWorld } from '../support/program-world.ts';
import { seededRandom } from '../support/seeded.ts';
import { readNotes } from '../support/stand-in/notes.ts';
import { until } from '../support/until.ts';
import type { Campaign } from './report.ts';

/** What the person does with the window: before the message is sent (`first`), and again and again until its fate is known (`often`). */
type Hands = { name: string; first: readonly string[][]; often: readonly string[][] };
const copyMode = ['copy-mode'];
const upwards = ['copy-mode', '-u'];
export const people = {
  away: { name: 'nobody looks', first: [], often: [] },
  scrolled: { name: 'the window is scrolled back', first: [upwards], often: [] },
  scrolling: { name: 'somebody scrolls all the time', first: [upwards], often: [copyMode, upwards] },
  clock: { name: 'the window shows a clock', first: [['clock-mode']], often: [] },
  choosing: { name: 'somebody looks through the windows', first: [['choose-tree']], often: [['choose-tree']] },
} satisfies Readonly<Record<string, Hands>>;

export const faults = {
  'nothing wrong': '',
  'one Enter swallowed': 'fault:swallow 1',
  'two Enters swallowed': 'fault:swallow 2',
  'every Enter swallowed': 'fault:swallow 99',
  'a debounced paste': 'fault:debounce 1000',
  'a dialog in the middle': 'fault:dialog 2500',
  'a dialog before': 'fault:after-dialog 3000',
  'its hook lost': 'fault:lose UserPromptSubmit',
  'its hook late': 'fault:late UserPromptSubmit 1500',
  'it dies in the middle': 'fault:crash',
} satisfies Readonly<Record<string, string>>;
type Fault = keyof typeof faults;
type Hand = keyof typeof people;

type Message = { id: string; status: string; reason: string | null };
const ended = new Set(['answered', 'failed', 'cancelled']);
const PATIENCE_MS = 90_000;
const OFTEN_MS = 100;

const clientOf = async (world: ProgramWorld, task: string) => {
  const { attach, pane } = await world.agent(task);
  const socket = attach[attach.indexOf('-S') + 1] ?? '';
  return (words: readonly string[]): void => {
    const [command = '', ...rest] = words;
    try {
      execFileSync('tmux', ['-S', socket, command, '-t', pane, ...rest], { stdio: 'pipe' });
    } catch {
      // The window has gone with its program: there is nothing to put hands on any more.
    }
  };
};

/** Sends one message under these hands and waits for its fate. Throws what is not true of it. */
export const sendOnce = async (world: ProgramWorld, task: string, mark: string, fault: Fault, hand: Hand): Promise<string> => {
  const hands: Hands = people[hand];
  const client = await clientOf(world, task);
  for (const words of hands.first) client(words);
  const busy = hands.often.length > 0 ? setInterval(() => hands.often.forEach(client), OFTEN_MS) : undefined;
  try {
    const text = [mark, faults[fault]].filter(Boolean).join('\n');
    const sent = (await world.live.api('POST', `/tasks/${task}/messages`, { text })).body as { data?: Message };
    const id = sent.data?.id;
    assert.ok(id, `${mark} was refused: ${JSON.stringify(sent)}`);
    const { status, reason } = await until(
      `the fate of ${mark} (${fault}, ${hands.name})`,
      async () => {
        const all = (await world.live.api('GET', `/tasks/${task}/messages`)).body.data as Message[];
        return all.find((one) => one.id === id && ended.has(one.status));
      },
      PATIENCE_MS,
    );
    const book = readNotes(world.stub.url);
    const times = book.filter(({ type, text: prompt }) => type === 'taken' && prompt.includes(mark)).length;
    const what = `${mark} (${fault}, ${hands.name}) is ${status}${reason === null ? '' : ` (${reason})`}`;
    assert.ok(times <= 1, `${what} and was taken ${times} times`);
    if (status === 'answered') assert.equal(times, 1, `${what} and was never taken`);
    // One that its program died of was taken, and is told to have no answer.
    else if (fault !== 'it dies in the middle') assert.equal(times, 0, `${what} and was taken`);
    if (fault === 'it dies in the middle') assert.notEqual(status, 'answered', what);
    else if (fault !== 'every Enter swallowed') assert.equal(status, 'answered', what);
    assert.ok(!book.some(({ type }) => type === 'blind'), 'an Enter met a dialog');
    return status;
  } finally {
    clearInterval(busy);
  }
};

/** The person leaves the window as it was, and clears what was left in the box. */
const tidy = async (world: ProgramWorld, task: string): Promise<void> => {
  const client = await clientOf(world, task);
  client(['copy-mode', '-q']);
  client(['send-keys', 'C-c']);
};

const chosenFrom = <T extends object>(from: T): Array<keyof T> => Object.keys(from) as Array<keyof T>;

/** Tasks whose messages go out side by side. */
const TASKS = 6;

export const runTerminalDelivery: Campaign = async ({ seed, seconds }) => {
  const end = performance.now() + seconds * 1_000;
  const counts: Record<string, number> = {};
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
  const detail: string[] = [];
  let [passed, failed] = [0, 0];
  const world = await programWorld(standInProgram);
  const pick = <T>(random: () => number, from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  const play = async (lane: number): Promise<void> => {
    const random = seededRandom(seed + lane);
    let task = await world.begin(`task of lane ${lane}`);
    await world.ended(task.id);
    for (let n = 0; performance.now() < end; n += 1) {
      const mark = `message ${n} of lane ${lane} of ${seed}.`;
      const [fault, hand] = [pick(random, chosenFrom(faults)), pick(random, chosenFrom(people))];
      try {
        count(await sendOnce(world, task.id, mark, fault, hand));
        count(fault);
        count(people[hand].name);
        passed += 1;
      } catch (error) {
        failed += 1;
        detail.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (fault === 'it dies in the middle' || failed > 0) {
        task = await world.begin(`task of lane ${lane}, after ${n}`);
        await world.ended(task.id);
      } else if (fault === 'every Enter swallowed') await tidy(world, task.id);
    }
  };
  try {
    await Promise.all(Array.from({ length: TASKS }, (_, lane) => play(lane)));
  } catch (error) {
    failed += 1;
    detail.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await world.end();
  }
  const told = Object.entries(counts).map(([what, many]) => `${what} ${many}`);
  detail.push(`${passed} messages delivered truly through a real terminal: ${told.join(', ')}`);
  return { name: 'delivery through a real terminal', passed, failed, detail };
};
