/** A few lines that look like Codex: they show a screen on demand, write down what is typed, and close a dialog when it is answered. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import { type WorldOptions, world } from './world.ts';

const program = `
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
if (process.argv.includes('--version')) {
  console.log('codex-cli 0.169.0');
  process.exit();
}
const screen = (name) => process.stdout.write('\\n'.repeat(60) + readFileSync(process.env.SCREENS + '/' + name + '/screen.txt', 'utf8'));
screen('idle');
setInterval(() => {
  if (!existsSync('show')) return;
  const name = readFileSync('show', 'utf8');
  rmSync('show');
  screen(name);
}, 10);
process.stdin.on('data', (bytes) => {
  appendFileSync('keys', JSON.stringify(String(bytes)) + '\\n');
  if (!existsSync('deaf') && /^(\\n|\\u001b)/.test(String(bytes))) screen('idle');
});
`;

const screens = new URL('../../fixtures/screens/codex', import.meta.url).pathname;
const fixture = async (name: string, changes: Record<string, unknown>): Promise<Record<string, unknown>> => ({
  ...(JSON.parse(await readFile(new URL(`../../fixtures/hooks/codex/${name}.json`, import.meta.url), 'utf8')) as object),
  ...changes,
});

export const codexStandIn = async (options: WorldOptions = {}) => {
  const w = await world({ ...options, env: { OPENAI_API_KEY: 'sk-dummy', SCREENS: screens } });
  const file = join(w.home, 'codex.mjs');
  await writeFile(file, program);
  const command = [process.execPath, file, '-c', 'model_provider="stub"'];
  const { agent } = await w.begin(
    { kind: 'codex', command, mode: 'interactive', prompt: 'paste', ready: '^never$', resumable: true },
    null,
  );
  const transcript = join(w.home, 'rollout.jsonl');
  const hear = async (name: string, changes: Record<string, unknown> = {}) =>
    w.supervisor.hearHook(
      agent,
      { kind: 'codex', payload: await fixture(name, { transcript_path: transcript, ...changes }) },
      new AbortController().signal,
    );
  const seen = async (what: RegExp): Promise<void> => {
    await until(
      `the screen to show ${what}`,
      async () => {
        const screen = await w.terminal.capture(w.onPane(agent).pane);
        return screen.ok && what.test(screen.value) ? true : undefined;
      },
      30_000,
    );
  };
  await seen(/Ask Codex/u);
  /** There at once and whole: half a name would end the program. */
  const draw = async (name: string): Promise<void> => {
    await writeFile(join(w.project, 'show.next'), name);
    await rename(join(w.project, 'show.next'), join(w.project, 'show'));
  };
  return {
    w,
    agent,
    hear,
    transcript,
    command,
    seen,
    /** What was typed, one paste or key each. */
    keys: async (): Promise<string[]> =>
      (await readFile(join(w.project, 'keys'), 'utf8').catch(() => ''))
        .split('\n')
        .filter(Boolean)
        .map((line) => String(JSON.parse(line))),
    /** Draws a screen; it may be answered before anybody sees it. */
    draw,
    async show(name: string, what: RegExp): Promise<void> {
      await draw(name);
      await seen(what);
    },
    /** From now on it hears no key. */
    deafen: () => writeFile(join(w.project, 'deaf'), ''),
  };
};
