import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modeOf } from '../../../adapters/agents/demo/work.ts';
import { demoCommand } from '../../../adapters/agents/index.ts';
import { runProcess } from '../../../src/lib/run-process.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

type Options = { answer?: string; env?: Record<string, string>; signal?: AbortSignal };

/** Starts the script as an agent whose `ccm` keeps its arguments and prints `answer` to `ask`. */
const begin = async (prompt: string, options: Options = {}) => {
  const folder = await tempFolder();
  const said = join(folder, 'said');
  await writeFile(
    join(folder, 'ccm'),
    `#!/bin/sh\nprintf '%s|' "$@" >> ${said}\necho >> ${said}\nif [ "$2" = ask ]; then echo '${options.answer ?? ''}'; exit 1; fi\n`,
    { mode: 0o755 },
  );
  const done = runProcess({
    argv: demoCommand,
    cwd: folder,
    env: { PATH: `${folder}:/usr/bin:/bin`, CCM_HOOK_TOKEN: 'token', CCM_DEMO_PACE: '1', ...options.env },
    stdin: prompt,
    timeoutMs: 25_000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { done, said: () => readFile(said, 'utf8').catch(() => '') };
};
const run = async (prompt: string, options: Options = {}) => {
  const { done, said } = await begin(prompt, options);
  const result = await done;
  return { ...result, said: await said() };
};

test('it tells what it does and ends with what it did', async () => {
  const { code, said, stdout } = await run('please');
  expect(code).toBe(0);
  expect(said.split('\n')).toEqual([
    'report|progress|--|Reading the folder|',
    'report|progress|--|Writing demo/roman.mjs|',
    'report|progress|--|Running the tests|',
    'report|done|--|Wrote demo/roman.mjs with its test: 3 passed, 0 failed.|',
    '',
  ]);
  expect(stdout).toContain('✓ Run node --test');
  expect(stdout).not.toContain('\u001b');
});

test('`ask` waits for an answer and uses it', async () => {
  const { code, said, stdout } = await run('ask me', { answer: '{"data":{"approval":"x","state":"answer","text":"cheerful"}}' });
  expect(said).toContain('report|ask|--wait|--json|--choices|plain,cheerful|--|Which tone shall the comments have?|');
  expect(stdout).toContain('Answer: cheerful');
  expect(code).toBe(0);
});

test.each([
  ['allow', 0, 'Allowed'],
  ['deny', 1, 'Not allowed'],
  ['expire', 1, 'Not allowed'],
])('`approve`: %s', async (state, expected, words) => {
  const { code, said, stdout } = await run('approve this', { answer: `{"data":{"approval":"x","state":"${state}","text":null}}` });
  expect(said).toContain('report|ask|--wait|--json|--approval|--|May I write into the folder demo/?|');
  expect(stdout).toContain(words);
  expect(code).toBe(expected);
});

test('`fail` says so and ends with 1; `crash` dies without a word', async () => {
  const failed = await run('please fail');
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.said).toContain('report|fail|--|I was asked to fail, and I did.|');
  const crashed = await run('please crash');
  expect(crashed).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(crashed.said).not.toContain('report|done');
});

test('`hang` goes on until it is ended', async () => {
  const stop = new AbortController();
  const { done, said } = await begin('hang', { signal: stop.signal });
  await until('it hangs', async () => ((await said()).includes('report|progress|--|Thinking about it|') ? true : undefined));
  stop.abort();
  expect(await done).toMatchObject({ signal: 'SIGTERM' });
  expect(await said()).not.toContain('report|done');
});

test('outside of CCM it works all the same', async () => {
  const { code, said } = await run('please', { env: { CCM_HOOK_TOKEN: '' } });
  expect({ code, said }).toEqual({ code: 0, said: '' });
});

test('the mode is a word of the prompt, and the environment goes before it', () => {
  expect(['Ask me!', 'task', 'a slow one', 'do it', 'failing'].map((prompt) => modeOf(prompt, undefined))).toEqual([
    'ask',
    'work',
    'slow',
    'work',
    'work',
  ]);
  expect(modeOf('please ask', 'crash')).toBe('crash');
});
