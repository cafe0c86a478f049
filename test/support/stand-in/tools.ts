/** A tool of the model: asked about in a dialog and by hook at once, the first answer counts; run in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Step } from '../model-script.ts';
import type { Reply } from './hooks.ts';
import type { Input } from './keys.ts';
import type { Stage } from './stage.ts';

export type Call = { name: string; input: Readonly<Record<string, unknown>>; use: string };
/** `interrupted`: Escape on the dialog ends the turn as well. */
type Verdict = { allowed: boolean; message: string; interrupted?: true; answers?: Readonly<Record<string, string>> };
type HookCall = (name: string, payload: Reply, left?: AbortSignal) => Promise<Reply>;

const CHOICES = ['Alpha', 'Beta'] as const;

export const callOf = (step: Step): Call | null => {
  const use = `toolu_${randomUUID()}`;
  if (step.do === 'bash') return { name: 'Bash', input: { command: step.command, description: 'a step of the script' }, use };
  if (step.do === 'write') return { name: 'Write', input: { file_path: step.path, content: step.text }, use };
  if (step.do !== 'ask') return null;
  const options = CHOICES.map((label) => ({ label, description: `the choice ${label}` }));
  return {
    name: 'AskUserQuestion',
    input: { questions: [{ question: step.question, header: 'Choice', multiSelect: false, options }] },
    use,
  };
};

const pre = z.object({ hookSpecificOutput: z.object({ permissionDecision: z.string(), permissionDecisionReason: z.string().catch('') }) });
const decided = z.object({
  hookSpecificOutput: z.object({
    decision: z.object({
      behavior: z.enum(['allow', 'deny']),
      message: z.string().catch(''),
      updatedInput: z
        .object({ answers: z.record(z.string(), z.string()) })
        .optional()
        .catch(undefined),
    }),
  }),
});

const readReply = (reply: Reply): Verdict | null => {
  const decision = decided.safeParse(reply).data?.hookSpecificOutput.decision;
  if (!decision) return null;
  const answers = decision.updatedInput?.answers;
  return { allowed: decision.behavior === 'allow', message: decision.message, ...(answers ? { answers } : {}) };
};

const byKeys = (stage: Stage, call: Call): Promise<Verdict> =>
  new Promise((resolve) => {
    const denied: Verdict = { allowed: false, message: '', interrupted: true };
    if (call.name !== 'AskUserQuestion') {
      const body = z
        .string()
        .catch('')
        .parse(call.input['command'] ?? call.input['file_path']);
      stage.show({ kind: 'approval', title: `${call.name} command`, body }, (input) => {
        if (input.type === 'key' && (input.key === 'Escape' || input.key === 'C-c')) resolve(denied);
        if ((input.type === 'text' && input.text === '1') || (input.type === 'key' && input.key === 'Enter'))
          resolve({ allowed: true, message: '' });
      });
      return;
    }
    const [{ question } = { question: '' }] = z.array(z.object({ question: z.string() })).parse(call.input['questions']);
    let typed: string | null = null;
    const show = (): void => stage.show({ kind: 'question', question, choices: CHOICES, typed }, take);
    const take = (input: Input): void => {
      if (input.type === 'key' && input.key === 'Escape') return resolve(denied);
      if (input.type === 'key' && input.key === 'Enter')
        return resolve({ allowed: true, message: '', answers: { [question]: typed ?? CHOICES[0] } });
      if (input.type === 'key') return undefined;
      const chosen = CHOICES[Number(input.text) - 1];
      if (typed === null && chosen) return resolve({ allowed: true, message: '', answers: { [question]: chosen } });
      typed = typed === null ? '' : typed + input.text;
      return show();
    };
    show();
  });

/** First its own word about the call, then, if that leaves it open, whoever is asked. */
export const permitted = async (stage: Stage, call: Call, hook: HookCall, interrupt: AbortSignal): Promise<Verdict> => {
  const about = { tool_name: call.name, tool_input: call.input };
  const before = pre.safeParse(await hook('PreToolUse', { ...about, tool_use_id: call.use })).data?.hookSpecificOutput;
  if (before?.permissionDecision === 'deny') return { allowed: false, message: before.permissionDecisionReason };
  const left = new AbortController();
  const byHook = hook('PermissionRequest', about, left.signal).then(readReply);
  const stopped = new Promise<Verdict>((resolve) => {
    interrupt.addEventListener('abort', () => resolve({ allowed: false, message: '', interrupted: true }), { once: true });
  });
  const keys = byKeys(stage, call);
  const verdict = await Promise.race([keys, stopped, byHook.then((one) => one ?? keys)]);
  left.abort();
  stage.close();
  return verdict;
};

const running = new Set<ChildProcess>();

/** What ends with the program where it ends in order. */
export const endTools = (): void => {
  for (const { pid } of running)
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
};

export const runTool = async ({ name, input }: Call, { answers }: Verdict, interrupt: AbortSignal): Promise<string> => {
  if (name === 'AskUserQuestion') return `The user answered: ${JSON.stringify(answers)}`;
  if (name === 'Write') {
    const path = z.string().parse(input['file_path']);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, z.string().parse(input['content']));
    return `wrote ${path}`;
  }
  return new Promise((done) => {
    const child = spawn('/bin/sh', ['-c', z.string().parse(input['command'])], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const over = (): void => {
      running.delete(child);
      done(output || 'no output');
    };
    child.on('exit', over);
    child.on('error', over);
    interrupt.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  });
};
