/** Law 4 without one of its protections at a time: the corpus of contradictory signals (`test/truth`) must notice each. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Played } from '../truth/worker.ts';
import type { Campaign, CampaignReport } from './report.ts';
import type { Mutant } from './sync/mutant.ts';
import { sideBySide, startingAt } from './sync/players.ts';
import { eyeMutants } from './truth/mutants-eyes.ts';
import { ruleMutants } from './truth/mutants-rules.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** A whole corpus takes about twenty seconds; a mutant may wait for ever. */
const PATIENCE_MS = 300_000;

type Verdict = { played: Played } | { broke: string };

/** Where the case is most likely to be that misses what stood in this file: noticed sooner, nothing more. */
const likely: ReadonlyArray<readonly [string, string]> = [
  ['machines/', 'the table,custom,ends,looks'],
  ['observe/screen-watch', 'looks,asks,boot,custom'],
  ['listen/conversation-files', 'files,late,away,gemini,codex'],
  ['listen/', 'turns,late,asks,away,gemini,files'],
  ['', 'ends,late,away'],
];

const groupsFor = ([patch]: Mutant['patches']): string => likely.find(([part]) => patch?.file.includes(part))?.[1] ?? '';

const play = (patches: Mutant['patches']): Promise<Verdict> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', here('../support/mutate.ts'), here('../truth/worker.ts'), groupsFor(patches)],
      { env: { ...process.env, CCM_MUTANT: JSON.stringify(patches) }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    let words = '';
    child.stdout.on('data', (part: Buffer) => void (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => void (words += part.toString()));
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const line = said.trim().split('\n').at(-1) ?? '';
      resolve(line.startsWith('{') ? { played: JSON.parse(line) as Played } : { broke: `${code ?? signal}: ${words.slice(-300)}` });
    });
  });

export const runTruthMutants: Campaign = async ({ seed, seconds }) => {
  const report: CampaignReport & { notRun: string[] } = { name: 'truth', passed: 0, failed: 0, detail: [], notRun: [] };
  const until = performance.now() + seconds * 1000;
  const whole = await play([]);
  if (!('played' in whole) || whole.played.failed) {
    report.failed += 1;
    report.detail.push(`the corpus does not pass as it is: ${JSON.stringify(whole)}`);
    return report;
  }
  const all = [...ruleMutants, ...eyeMutants];
  await sideBySide(startingAt(all, seed), async ({ name, patches }) => {
    if (performance.now() > until) return void report.notRun.push(`${name}: no time was left`);
    const verdict = await play(patches);
    if ('played' in verdict && verdict.played.failed) {
      report.passed += 1;
      process.stderr.write(`  noticed: ${name} (${verdict.played.failed.name})\n`);
      return undefined;
    }
    report.failed += 1;
    const why = 'played' in verdict ? 'no case saw it' : `it came to no end, which proves nothing (${verdict.broke})`;
    report.detail.push(`SURVIVED: ${name}: ${why}`);
    process.stderr.write(`  SURVIVED: ${name}: ${why}\n`);
    return undefined;
  });
  report.detail.push(
    `${report.passed} of ${report.passed + report.failed} protections that were taken out were missed by a case of the ${whole.played.passed}; there are ${all.length}`,
  );
  return report;
};
