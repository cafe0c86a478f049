/** Programs whose hooks call every end of a turn the same: the conversation's file decides what it was. Payloads and lines are Gemini CLI's. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryKeyValue } from '../support/memory-key-value.ts';
import { until } from '../support/until.ts';
import { world } from './support/world.ts';

const program = ['sh', '-c', 'while read -r line; do :; done'];
const never = new AbortController().signal;

const start = async () => {
  const memory = memoryKeyValue();
  const w = await world({ env: { GEMINI_API_KEY: 'a-dummy-key' }, deps: { memory } });
  const { agent } = await w.begin({ kind: 'gemini', command: program, mode: 'interactive', prompt: 'paste', ready: '^never$' }, null);
  const file = join(w.home, 'session.jsonl');
  let at = Date.now() - 60_000;
  const next = (): string => new Date((at += 10)).toISOString();
  const hear = async (name: string, changes: Record<string, unknown> = {}, spooledAt?: number) => {
    const payload = JSON.parse(await readFile(new URL(`../fixtures/hooks/gemini/${name}.json`, import.meta.url), 'utf8')) as object;
    return w.supervisor.hearHook(
      agent,
      { kind: 'gemini', payload: { ...payload, transcript_path: file, timestamp: next(), ...changes }, at: spooledAt },
      never,
    );
  };
  /** One line of the file, written now. */
  const write = (type: string, content: string, when = Date.now()) =>
    appendFile(file, `${JSON.stringify({ id: next(), timestamp: new Date(when).toISOString(), type, content })}\n`);
  await writeFile(file, '');
  await hear('session-start');
  const told = () => w.actors.of('OBSERVED').map(({ fact }) => fact);
  const status = () => w.actors.state(agent)?.status;
  const observed = (fact: string) => until(`“${fact}”`, () => (told().includes(fact) ? true : undefined), 20_000);
  /** An end that was heard and waits to be told. */
  const ending = () => (memory.get(`listen/${agent}`) as { ending: unknown }).ending;
  return { w, agent, hear, write, told, status, observed, ending };
};
test('a turn with an answer, and nothing against it in the file, is done', async () => {
  const s = await start();
  await s.hear('before-agent');
  await s.write('gemini', 'job done');
  await s.hear('after-agent');
  await s.observed('done');
  expect(s.w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', source: 'hook', detail: 'job done' });
});

test.each([
  ['error', '[API Error: exception TypeError: fetch failed sending request]', 'failed'],
  ['error', '[API Error: You have exhausted your daily quota on this model.]', 'limited'],
  ['info', 'Request cancelled.', 'interrupted'],
  ['info', '⚠️  Response truncated due to token limits.', 'failed'],
])(
  'law 4: a turn whose file says “%s %s” is %s and never done, whichever is heard first',
  async (type, content, fact) => {
    for (const fileFirst of [true, false]) {
      const s = await start();
      await s.hear('before-agent');
      const written = Date.now();
      if (fileFirst) {
        await s.write(type, content, written);
        await s.observed(fact);
      }
      await s.hear('after-agent-cancelled');
      // Read late: hooks have been heard since it was written.
      if (!fileFirst) await s.write(type, content, written);
      await s.observed(fact);
      expect(s.ending()).toBeNull();
      expect(s.told()).not.toContain('done');
      expect(s.w.actors.of('OBSERVED').filter((event) => event.fact === fact)).toHaveLength(1);
    }
  },
  60_000,
);

test('its last words are those of the file, however its hook tells them', async () => {
  const s = await start();
  await s.hear('before-agent');
  const written = Date.now();
  await s.hear('after-agent', { prompt_response: 'the very last words very  last  words' });
  await s.write('gemini', 'the very last words', written);
  await s.observed('done');
  expect(s.w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', detail: 'the very last words' });
});

test('an end without a word, or without a file to prove it, is a pause that a person judges', async () => {
  const silent = await start();
  await silent.hear('before-agent');
  await silent.hear('after-agent-error');
  await until('the pause', () =>
    silent.w.actors.of('OBSERVED').some(({ detail }) => /without a word/u.test(String(detail))) ? true : undefined,
  );
  expect(silent.told()).not.toContain('done');
  const blind = await start();
  await blind.hear('session-start', { transcript_path: join(blind.w.home, 'nowhere', 'session.jsonl') });
  await blind.hear('before-agent');
  await blind.hear('after-agent');
  await until('the pause', () =>
    blind.w.actors.of('OBSERVED').some(({ detail }) => /does not tell how/u.test(String(detail))) ? true : undefined,
  );
  expect(blind.told()).not.toContain('done');
});

test('a tool that an interruption cut off ends after it, and revives nothing', async () => {
  const s = await start();
  await s.hear('before-agent');
  await s.hear('before-tool-shell');
  await s.write('info', 'Request cancelled.');
  await s.observed('interrupted');
  await s.hear('after-tool-cancelled');
  expect(s.status()).toBe('interrupted');
});

test('trouble of an earlier turn, and its end heard late from a spool, say nothing of this one', async () => {
  const s = await start();
  const before = Date.now() - 5_000;
  await s.hear('before-agent');
  await s.write('error', '[API Error: old]', before);
  await s.hear('after-agent', {}, before);
  expect(s.ending()).toBeNull();
  expect(s.status()).toBe('busy');
  await s.write('gemini', 'job done');
  await s.hear('after-agent');
  await s.observed('done');
  expect(s.told()).not.toContain('failed');
});

test('its hooks are never held, not even for a rule: what is decided is typed', async () => {
  const s = await start();
  await s.hear('before-agent');
  await s.hear('before-tool-shell');
  expect(await s.hear('notification-exec')).toEqual({ ok: true, value: {} });
  expect(s.w.actors.of('ASKED')).toMatchObject([{ kind: 'approval', tool: 'run_shell_command', text: 'touch b.txt' }]);
  expect(s.status()).toBe('needsApproval');
});
