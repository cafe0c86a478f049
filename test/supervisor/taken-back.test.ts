/** A turn that is interrupted before its first word is undone by Claude Code: no hook, no line in its file, and its prompt is back in the box. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Profile } from '../../machines/effects.ts';
import { until } from '../support/until.ts';
import { world } from './support/world.ts';

const screens = ['busy', 'unsent', 'ready'] as const;
const file = (path: string) => new URL(`../fixtures/${path}`, import.meta.url);

/** Busy until Escape, its prompt in the box until Ctrl-C, empty then; `keys` tells what came, in hexadecimal. */
const program = `case $0 in --version) exit;; esac; cat "$FIRST"; hit=
trap 'hit=1; printf "03 " >> keys; cat ready' INT
while :; do
  key=$(dd bs=1 count=1 2>/dev/null | od -An -tx1 | tr -d " \\n")
  [ -n "$key" ] || { [ -n "$hit" ] && hit= && continue; exit; }
  case $key in 03) kill -INT $$;; *) printf "%s " "$key" >> keys;; esac
  [ "$key" != 1b ] || cat unsent
done`;

const start = async (first: (typeof screens)[number]) => {
  const w = await world({ env: { ANTHROPIC_API_KEY: 'sk-dummy-0000000000000000', FIRST: first } });
  for (const name of screens) await writeFile(join(w.project, name), await readFile(file(`screens/claude/${name}/screen.txt`)));
  const profile: Partial<Profile> = {
    kind: 'claude',
    command: ['sh', '-c', program],
    mode: 'interactive',
    prompt: 'paste',
    ready: '^never$',
  };
  const { agent } = await w.begin(profile, null);
  for (const name of ['session-start', 'user-prompt-submit']) {
    const payload = JSON.parse(await readFile(file(`hooks/claude/${name}.json`), 'utf8')) as Record<string, unknown>;
    await w.supervisor.hearHook(
      agent,
      { kind: 'claude', payload: { ...payload, transcript_path: join(w.home, 'none.jsonl') } },
      AbortSignal.abort(),
    );
  }
  const { pane } = w.onPane(agent);
  await until('its screen', async () => {
    const seen = await w.terminal.capture(pane);
    return seen.ok && seen.value.includes('❯') ? true : undefined;
  });
  const keys = () => readFile(join(w.project, 'keys'), 'utf8').catch(() => '');
  return { w, agent, keys };
};

test('our interruption is told from what is seen, and the box is empty for the next message', async () => {
  const { w, agent, keys } = await start('busy');
  const result = await w.run('agent.interrupt', w.onPane(agent), agent);
  expect(result).toMatchObject({ outcomes: [{ event: { type: 'OBSERVED', fact: 'interrupted', source: 'keys' } }] });
  await until('Ctrl-C', async () => ((await keys()) === '1b 03 ' ? true : undefined));
});

test('words that somebody had left in the box are not emptied', async () => {
  const { w, agent, keys } = await start('unsent');
  expect(await w.run('agent.interrupt', w.onPane(agent), agent)).toEqual({ outcomes: [] });
  await until('Escape', async () => ((await keys()) === '1b ' ? true : undefined));
});

test('words that somebody left in the box are not typed behind', async () => {
  const { w, agent, keys } = await start('unsent');
  const typed = await w.run('agent.type', { ...w.onPane(agent), message: 'm', attempt: 1, text: 'more words' }, 'm');
  expect(typed).toMatchObject({ outcomes: [{ to: 'm', event: { type: 'TYPE_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }] });
  expect(await keys()).toBe('');
});
