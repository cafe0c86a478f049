/** What subagents use is counted with their agent: from files of their own, once, and from no file that is not the conversation's. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { world } from './support/world.ts';

const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`../fixtures/hooks/claude/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;

const said = (id: string, output: number) =>
  `${JSON.stringify({
    type: 'assistant',
    uuid: id,
    timestamp: '2026-11-23T01:00:00.000Z',
    isSidechain: true,
    message: {
      id,
      model: 'a-model',
      content: [],
      usage: { input_tokens: 7, output_tokens: output, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
    },
  })}\n`;

test('the tokens of a subagent are counted when it has ended, and those of a foreign file are not', async () => {
  const w = await world({ env: { ANTHROPIC_API_KEY: 'sk-dummy-0000000000000000' } });
  const command: [string, ...string[]] = ['sh', '-c', 'case $0 in --version) exit;; esac; cat'];
  const { agent } = await w.begin({ kind: 'claude', command, mode: 'interactive', prompt: 'paste', ready: '^never$' }, null);
  const below = join(w.home, 'conversations/c/claude/projects/p');
  await mkdir(join(below, 's/subagents'), { recursive: true });
  const file = join(below, 's/subagents/agent-a.jsonl');
  await writeFile(file, said('one', 20));
  const foreign = join(w.project, 'agent-b.jsonl');
  await writeFile(foreign, said('foreign', 99));
  const hear = async (name: string, changes: Record<string, unknown>) =>
    w.supervisor.hearHook(agent, { kind: 'claude', payload: { ...(await fixture(name)), ...changes } }, AbortSignal.abort());
  await hear('session-start', { transcript_path: join(below, 's.jsonl') });
  for (const path of [foreign, join(below, '../../../../../project/agent-b.jsonl')])
    await hear('subagent-stop', { agent_id: path, agent_transcript_path: path });
  await hear('subagent-stop', { agent_transcript_path: file });
  await until('the first request', () => w.used.find(({ id }) => id === 'one'));
  // Its last line comes after its end was told.
  await writeFile(file, said('one', 20) + said('two', 30));
  await until('the last request', () => w.used.find(({ id }) => id === 'two'));
  expect(w.used.find(({ id }) => id === 'one')).toMatchObject({ agent, model: 'a-model', input: 7, output: 20, source: 'transcript' });
  expect(w.used.some(({ id }) => id === 'foreign')).toBe(false);
});
