/** The steps of a case: what the program, its terminal, the daemon and a person do, one after the other. */
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PROMPT, type TruthHouse } from '../support/truth-house.ts';
import { until } from '../support/until.ts';

const text = z.string();
const code = z.int().nullable();
const changes = z.record(text, z.unknown());
export const step = z.union([
  /** A hook is called; the fixture of that name, with changes. `spool`: written down so many ms ago, while nobody listened. */
  z.tuple([z.literal('hook'), text, changes]),
  z.tuple([z.literal('spool'), text, changes, z.int()]),
  /** A line of the transcript: its kind, its words, how many ms ago it was written. `torn`: half of it, no line end. */
  z.tuple([z.literal('line'), text, text, z.int()]),
  z.tuple([z.literal('torn'), text, text]),
  /** A line that stands there when the next thing happens, whether anybody has read it by then or not. */
  z.tuple([z.literal('unread'), text, text, z.int()]),
  /** The file is not there. */
  z.tuple([z.literal('no file')]),
  /** The file is cut to nothing, as a compaction does it. */
  z.tuple([z.literal('cut')]),
  /** A screen by the name of its fixture, or its words. */
  z.tuple([z.literal('screen'), text]),
  z.tuple([z.literal('words'), text]),
  z.tuple([z.literal('title'), text]),
  z.tuple([z.literal('rename'), text]),
  /** The program's status as the wrapper writes it; the window's end, told at once or found later; the window or the server is gone. */
  z.tuple([z.literal('wrapper'), code, code]),
  z.tuple([z.literal('dies'), code, code]),
  z.tuple([z.literal('dies untold'), code, code]),
  z.tuple([z.literal('gone')]),
  z.tuple([z.literal('server lost')]),
  z.tuple([z.literal('server lost untold')]),
  /** Until its end was told, in no time at all by the clock that anything could wait for. */
  z.tuple([z.literal('heard')]),
  z.tuple([z.literal('pass'), z.int()]),
  /** Only the wall clock moves. */
  z.tuple([z.literal('sleep'), z.int()]),
  z.tuple([z.literal('down')]),
  z.tuple([z.literal('up')]),
  z.tuple([z.literal('report'), z.enum(['ready', 'busy', 'progress', 'done', 'fail']), text, z.int()]),
  z.tuple([z.literal('ask'), text]),
  /** A person says more. */
  z.tuple([z.literal('send'), text]),
  z.tuple([z.literal('person'), z.enum(['INTERRUPT', 'STOP', 'KILL'])]),
  z.tuple([z.literal('decide'), z.enum(['ALLOW', 'DENY'])]),
]);
type Step = z.infer<typeof step>;

export const truthCase = z.strictObject({
  name: text,
  kind: z.enum(['claude', 'gemini', 'codex', 'custom', 'mute']),
  /** `boot`: from the start of the program; else its first prompt was taken. */
  from: z.enum(['boot', 'taken']).default('taken'),
  steps: z.array(step),
  /** Statuses of the agent after the beginning, of the task at the end. */
  agent: text,
  task: text,
  /** The task's last words, or a part of its reason. */
  says: text.optional(),
  /** How many questions were asked in all. */
  asked: z.int().optional(),
  /** How many requests to a model were counted. */
  used: z.int().optional(),
});
export type TruthCase = z.infer<typeof truthCase>;

const fixture = (path: string): string => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');

/** Lines as each program writes them. */
const lineOf = (kind: string, what: string, words: string, at: number): string => {
  const timestamp = new Date(at).toISOString();
  const uuid = `${what}-${at}`;
  if (kind === 'gemini') return JSON.stringify({ id: uuid, timestamp, type: what, content: words });
  if (kind === 'codex') {
    const payload =
      what === 'aborted'
        ? { type: 'turn_aborted', reason: 'interrupted' }
        : what === 'error'
          ? { type: 'task_complete', error: { message: words, codex_error_info: 'other' } }
          : { type: 'task_complete', last_agent_message: words };
    return JSON.stringify({ timestamp, ordinal: 1, type: 'event_msg', payload });
  }
  const user = (content: unknown, more: object = {}) =>
    JSON.stringify({ type: 'user', uuid, timestamp, message: { role: 'user', content }, ...more });
  switch (what) {
    case 'prompt':
      return user(words, { origin: { kind: 'human' } });
    case 'sidechain':
      return user([{ type: 'text', text: '[Request interrupted by user]' }], { isSidechain: true });
    case 'interrupted':
      return user([{ type: 'text', text: '[Request interrupted by user]' }]);
    case 'result':
      return user([{ type: 'tool_result', tool_use_id: words, content: 'ok' }]);
    case 'error':
    case 'limit':
      return JSON.stringify({
        type: 'assistant',
        uuid,
        timestamp,
        isApiErrorMessage: true,
        error: what === 'limit' ? 'rate_limit' : 'server_error',
        message: { content: [{ type: 'text', text: words }] },
      });
    case 'paid': {
      const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
      return JSON.stringify({ type: 'assistant', uuid, timestamp, message: { id: words, model: 'a-model', content: [], usage } });
    }
    case 'over':
      return JSON.stringify({ type: 'system', subtype: 'turn_duration', uuid, timestamp });
    default:
      return JSON.stringify({ type: 'assistant', uuid, timestamp, message: { content: [{ type: 'text', text: words }] } });
  }
};

export const player = (house: TruthHouse, kind: TruthCase['kind']) => {
  const { terminal, ids, clock } = house;
  const payload = (name: string, more: Record<string, unknown>): Record<string, unknown> => ({
    ...z.record(text, z.unknown()).parse(JSON.parse(fixture(`hooks/${kind}/${name}.json`))),
    // Each call of its own, unless the case says that it is the same.
    prompt_id: 'turn-1',
    timestamp: new Date(clock.now()).toISOString(),
    ...more,
  });
  const screen = (name: string): void => {
    terminal.screen = fixture(`screens/${kind}/${name}/screen.txt`);
    // The one program whose title says what it does.
    if (kind === 'codex') terminal.title(fixture(`screens/${kind}/${name}/title.txt`).trim());
  };
  const approval = (): string =>
    z.array(z.object({ approval: text })).parse(house.now().runtime.state(ids.agent)?.context['asks'])[0]?.approval ?? '';

  const play = async (one: Step): Promise<void> => {
    switch (one[0]) {
      case 'hook':
        return house.hook(kind, payload(one[1], one[2]));
      case 'spool':
        return house.spool(kind, payload(one[1], one[2]), one[3]);
      case 'line':
        return house.write(`${lineOf(kind, one[1], one[2], clock.now() - one[3])}\n`);
      case 'torn':
        return house.write(lineOf(kind, one[1], one[2], clock.now()).slice(0, 60));
      case 'unread':
        appendFileSync(house.transcript, `${lineOf(kind, one[1], one[2], clock.now() - one[3])}\n`);
        return undefined;
      case 'no file':
        rmSync(house.transcript);
        return undefined;
      case 'cut':
        truncateSync(house.transcript, 0);
        return undefined;
      case 'screen':
        return screen(one[1]);
      case 'words':
        terminal.screen = one[1];
        return undefined;
      case 'title':
        return terminal.title(one[1]);
      case 'rename':
        return terminal.rename(one[1]);
      case 'wrapper':
        return house.exitFile(one[1], one[2]);
      case 'dies':
      case 'dies untold':
        return terminal.dies({ code: one[1], signal: one[2] }, one[0] === 'dies');
      case 'gone':
        return terminal.gone();
      case 'server lost':
      case 'server lost untold':
        return terminal.serverLost(one[0] === 'server lost');
      case 'heard':
        await until('its end to be told', () => house.now().runtime.state(ids.agent)?.status === 'exited' || undefined, 20_000);
        return undefined;
      case 'pass':
        return house.pass(one[1]);
      case 'sleep':
        return clock.sleep(one[1]);
      case 'down':
        return house.down();
      case 'up':
        return house.up();
      case 'report':
        await house.now().supervisor.acceptReport(ids.agent, { report: one[1], text: one[2], at: clock.now() - one[3] });
        return undefined;
      case 'ask':
        await house.now().supervisor.acceptReport(ids.agent, { report: 'ask', text: one[1], approval: true });
        return undefined;
      case 'send':
        await house.send(one[1]);
        return undefined;
      case 'person':
        await house.now().runtime.command(one[1] === 'INTERRUPT' ? ids.agent : ids.task, { type: one[1], by: 'cli' });
        return undefined;
      case 'decide':
        await house.now().runtime.command(approval(), { type: one[1], by: 'cli' });
        return undefined;
    }
  };

  /** The program is there and has taken its first prompt. */
  const begin = async (from: TruthCase['from']): Promise<void> => {
    writeFileSync(house.transcript, '');
    if (kind === 'custom' || kind === 'mute') terminal.screen = '> ';
    else if (from === 'taken') screen(kind === 'codex' ? 'idle' : 'ready');
    await house.begin();
    if (from === 'boot') return;
    if (kind === 'claude' || kind === 'gemini') await house.hook(kind, payload('session-start', {}));
    for (let tries = 0; tries < 40 && !terminal.typed.includes('Enter'); tries += 1) await house.pass(500);
    if (kind === 'codex') await house.hook(kind, payload('session-start', {}));
    if (kind === 'custom' || kind === 'mute') terminal.screen = '* working';
    else {
      await house.hook(kind, payload(kind === 'gemini' ? 'before-agent' : 'user-prompt-submit', { prompt: PROMPT }));
      screen(kind === 'codex' ? 'working-words' : 'busy');
    }
    await house.pass(kind === 'custom' ? 2_500 : 100);
  };
  return { play, begin };
};
