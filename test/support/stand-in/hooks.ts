/** Calls the hooks of the settings file it was started with, over HTTP and as commands, and answers nothing of its own when nobody is there. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const hook = z.discriminatedUnion('type', [
  z.object({ type: z.literal('http'), url: z.string(), timeout: z.number(), headers: z.record(z.string(), z.string()).catch({}) }),
  z.object({ type: z.literal('command'), command: z.string() }),
]);
const settings = z.object({ hooks: z.record(z.string(), z.array(z.object({ hooks: z.array(hook) }))).catch({}) });
type Hook = z.infer<typeof hook>;

export type Reply = Readonly<Record<string, unknown>>;
export type Hooks = {
  /** Resolves with what the hooks answered, laid over each other. `left` ends the waiting. Never rejects: a sink that is down blocks nothing. */
  call: (name: string, payload: Reply, left?: AbortSignal) => Promise<Reply>;
};

const expanded = (text: string): string => text.replaceAll(/\$(\w+)/gu, (_, name: string) => process.env[name] ?? '');

const overHttp = async (one: Extract<Hook, { type: 'http' }>, body: string, left: AbortSignal): Promise<Reply> => {
  const headers = Object.fromEntries(Object.entries(one.headers).map(([name, value]) => [name, expanded(value)]));
  const signal = AbortSignal.any([left, AbortSignal.timeout(one.timeout * 1000)]);
  try {
    const reply = await fetch(one.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal });
    return z
      .record(z.string(), z.unknown())
      .catch({})
      .parse(await reply.json());
  } catch {
    // Nobody listens, or nobody waits any more: like an empty answer.
    return {};
  }
};

const asCommand = ({ command }: Extract<Hook, { type: 'command' }>, body: string): Promise<Reply> =>
  new Promise((done) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined); // It ended without reading.
    child.on('error', () => done({}));
    child.on('exit', () => done({}));
    child.stdin.end(body);
  });

export const hookCaller = (settingsFile: string | undefined, common: Reply): Hooks => {
  const { hooks } = settings.parse(settingsFile === undefined ? {} : JSON.parse(readFileSync(settingsFile, 'utf8')));
  return {
    async call(name, payload, left = new AbortController().signal) {
      const body = JSON.stringify({ ...common, hook_event_name: name, ...payload });
      const all = (hooks[name] ?? []).flatMap((group) => group.hooks);
      const replies = await Promise.all(all.map((one) => (one.type === 'http' ? overHttp(one, body, left) : asCommand(one, body))));
      return Object.assign({}, ...replies) as Reply;
    },
  };
};
