/**
 * The real agent programs against stubs of their model APIs: each file `test/e2e/*.campaign.test.ts` once, beside another one only where there are
 * processors for both. What fails is tried once more alone, and said so; what is known of every failure goes to the log.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Campaign } from './report.ts';

const root = new URL('../..', import.meta.url).pathname;
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const outcome = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      message: z.string().catch(''),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).catch([]),
        }),
      ),
    }),
  ),
});
/** `suspects`: the failed tests by their full names, each with the line that tells why. */
type Verdict = { passed: number; failed: number; detail: string[]; suspects: { name: string; test: string; why: string }[] };

/** The programs take their time whatever share of a campaign they are given; nor may one that hangs eat it all. */
const LEAST_MS = 300_000;
const MOST_MS = 1_800_000;
/** A program, its daemon and its model are busy at the same time. */
const EACH_NEEDS = 2;
const SECOND_TRIES_MS = 240_000;

const firstLine = (text: string): string => text.split('\n').find((line) => line.trim() !== '') ?? '';

const readVerdict = (file: string, name: string): Verdict => {
  try {
    const { numPassedTests: passed, numFailedTests, success, testResults } = outcome.parse(JSON.parse(readFileSync(file, 'utf8')));
    const detail: string[] = [];
    const suspects = testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ ancestorTitles, title, status, failureMessages }) =>
        status === 'failed' ? [{ name, test: [...ancestorTitles, title].join(' > '), why: firstLine(failureMessages[0] ?? '') }] : [],
      ),
    );
    // Its world did not come up, e.g. the program is not installed: no test of it failed, and none was run.
    if (!success && numFailedTests === 0)
      detail.push(`${name}: ${firstLine(testResults.map(({ message }) => message).join('\n')) || 'nothing was run'}`);
    return { passed, failed: success || suspects.length > 0 ? 0 : 1, detail, suspects };
  } catch {
    // Not written: the time was over, or vitest could not start.
    return { passed: 0, failed: 1, detail: [`${name}: the tests did not come to an end`], suspects: [] };
  }
};

/** Lines of a run that tell nothing: what was well, and what was not run. */
const said = (output: string): string =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*[✓↓]/u.test(line))
    .join('\n');

type Place = { folder: string; root: string; more: readonly string[]; log: (text: string) => void };

/** One file in a process of its own, so that the others are counted when one hangs. */
const runFile = async ({ folder, root, more, log }: Place, name: string, deadline: number, test?: string): Promise<Verdict> => {
  const left = deadline - performance.now();
  if (left <= 0) return { passed: 0, failed: 1, detail: [`${name}: the time was over before it began`], suspects: [] };
  const file = join(folder, `${name}.json`);
  rmSync(file, { force: true });
  const args = [vitest, 'run', name, ...more, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  if (test !== undefined) args.push('-t', `^${test.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')}$`);
  const env = { ...process.env, CCM_REAL_CLIS: '1', NO_COLOR: '1' };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const limit = setTimeout(() => child.kill('SIGTERM'), left);
  await new Promise((done) => child.once('close', done));
  clearTimeout(limit);
  const verdict = readVerdict(file, name);
  if (verdict.failed > 0 || verdict.suspects.length > 0) log(said(output));
  return verdict;
};

/** `more`: arguments of the runner. */
export const runTestFiles = async (files: readonly string[], { root, more, log }: Omit<Place, 'folder'>, mostMs: number) => {
  const place = { folder: mkdtempSync(join(tmpdir(), 'ccm-clis-')), root, more, log };
  const names = [...files];
  const deadline = performance.now() + mostMs;
  try {
    const verdicts: Verdict[] = [];
    const lane = async (): Promise<void> => {
      for (let name = names.shift(); name !== undefined; name = names.shift()) verdicts.push(await runFile(place, name, deadline));
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.floor(availableParallelism() / EACH_NEEDS)) }, lane));
    const until = performance.now() + SECOND_TRIES_MS;
    for (const { name, test, why } of verdicts.flatMap(({ suspects }) => suspects)) {
      const again = await runFile(place, name, until, test);
      const good = again.passed > 0 && again.failed === 0 && again.suspects.length === 0;
      const words = good ? `only at the second try: ${test} (first: ${why})` : `${test}: ${why}`;
      verdicts.push({ passed: good ? 1 : 0, failed: good ? 0 : 1, detail: [words], suspects: [] });
    }
    return {
      passed: verdicts.reduce((sum, { passed }) => sum + passed, 0),
      failed: verdicts.reduce((sum, { failed }) => sum + failed, 0),
      detail: verdicts.flatMap(({ detail }) => detail),
    };
  } finally {
    rmSync(place.folder, { recursive: true, force: true });
  }
};

export const runRealClis: Campaign = async ({ seconds }) => {
  const files = globSync(join(root, 'test/e2e/*.campaign.test.ts')).map((path) => basename(path));
  const log = (text: string): void => void process.stderr.write(`${text}\n`);
  const counts = await runTestFiles(files, { root, more: [], log }, Math.min(MOST_MS, Math.max(LEAST_MS, seconds * 1000)));
  return { name: 'real agent programs', ...counts };
};
