/** One turn: what the model does with a prompt, step by step, and all that is told of it. */
import { randomUUID } from 'node:crypto';
import { stepOf } from '../model-script.ts';
import type { ConversationFile } from './conversation-file.ts';
import { faultIn, hookFault } from './faults.ts';
import type { Hooks, Reply } from './hooks.ts';
import { writeNote } from './notes.ts';
import type { Stage } from './stage.ts';
import { callOf, permitted, runTool } from './tools.ts';

export type TurnParts = { hooks: Hooks; file: ConversationFile; stage: Stage; notes: string | undefined };
/** `undone`: interrupted before anything was said: the prompt goes back into the box, and nothing tells it. */
export type TurnEnd = 'over' | 'interrupted' | 'undone';

const errors: Readonly<Record<number, string>> = { 401: 'authentication_failed', 429: 'rate_limit', 529: 'server_error' };
const pause = (ms: number, left: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (left.aborted) return done();
    const timer = setTimeout(done, ms);
    left.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
const forEver = (left: AbortSignal): Promise<void> =>
  new Promise((done) => (left.aborted ? done() : left.addEventListener('abort', () => done(), { once: true })));

/** The last call of each hook in an earlier turn: what comes again late. */
const earlier = new Map<string, Reply>();

export const playTurn = async (prompt: string, { hooks, file, stage, notes }: TurnParts, left: AbortSignal): Promise<TurnEnd> => {
  const id = randomUUID();
  const called = new Map<string, Reply>();
  const hook = async (name: string, payload: Reply, hangUp?: AbortSignal): Promise<Reply> => {
    const whole = { prompt_id: id, ...payload };
    called.set(name, whole);
    if (hookFault(prompt, 'lose', name)) return {};
    const late = hookFault(prompt, 'late', name);
    if (late) return void setTimeout(() => void hooks.call(name, whole), late.ms), {};
    const reply = await hooks.call(name, whole, hangUp);
    if (hookFault(prompt, 'twice', name)) await hooks.call(name, whole, hangUp);
    return reply;
  };
  const endWith = (error: string, words: string): Promise<unknown> => {
    file.apiError(error, words);
    stage.say(`● ${words}`);
    return hook('StopFailure', { error, last_assistant_message: words });
  };
  let silent = true;

  file.prompt(prompt);
  await hook('UserPromptSubmit', { prompt });
  const freeze = faultIn(prompt, 'freeze');
  if (freeze) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, freeze.ms);
  for (const [name, payload] of earlier) if (hookFault(prompt, 'stale', name)) await hooks.call(name, payload);
  if (faultIn(prompt, 'crash')) process.kill(process.pid, 'SIGKILL');
  if (faultIn(prompt, 'vanish')) {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }

  let over = false;
  for (let played = 0; !over && !left.aborted; played += 1) {
    writeNote(notes, { type: 'asked', text: prompt });
    const step = stepOf(prompt, played);
    const call = callOf(step);
    if (call) {
      silent = false;
      file.toolUse(call.use, call.name, call.input);
      const verdict = await permitted(stage, call, hook, left);
      const result = verdict.allowed ? await runTool(call, verdict, left) : `The user does not want this. ${verdict.message}`;
      file.toolResult(call.use, result);
      writeNote(notes, { type: 'results', text: result });
      if (left.aborted || verdict.interrupted) return interrupted(file, stage);
      stage.say(`● ${call.name}\n  ⎿  ${result.slice(0, 60)}`);
      if (verdict.allowed) await hook('PostToolUse', { tool_name: call.name, tool_input: call.input, tool_use_id: call.use });
      continue;
    }
    over = true;
    if (step.do === 'error') {
      await endWith(errors[step.status] ?? 'unknown', `API Error: ${step.status} ${step.type}`);
    } else if (step.do === 'cut') {
      await endWith('unknown', 'API Error: the connection was closed in the middle of the answer');
    } else if (step.do === 'hang') {
      await forEver(left);
    } else {
      const text = step.do === 'say' ? step.text : '';
      const paceMs = step.do === 'say' ? step.paceMs : 0;
      stage.say('● ');
      for (const words of paceMs > 0 ? text.split(/(?<= )/u) : [text]) {
        if (left.aborted) break;
        stage.sayOn(words);
        silent = false;
        await pause(paceMs, left);
      }
      if (!left.aborted) {
        file.said(text);
        await hook('Stop', { stop_hook_active: false, last_assistant_message: text, background_tasks: [] });
        if (!hookFault(prompt, 'lose', 'turn_duration')) file.turnOver();
      }
    }
  }
  for (const [name, payload] of called) earlier.set(name, payload);
  if (!left.aborted) return 'over';
  return silent ? 'undone' : interrupted(file, stage);
};

const interrupted = (file: ConversationFile, stage: Stage): TurnEnd => {
  file.interrupted();
  stage.say('  ⎿  Interrupted · What should Claude do instead?');
  return 'interrupted';
};
