/** One turn of the demo agent: it reads the folder, writes a small program with a test, runs it for real, and tells what it did. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pieces } from './pieces.ts';
import { bold, dim, green, red, rest, say, spin, step, unroll } from './stage.ts';
import { ask, tell } from './tell.ts';

export type Mode = 'work' | 'ask' | 'approve' | 'fail' | 'crash' | 'hang' | 'slow';

const modes = ['ask', 'approve', 'fail', 'crash', 'hang', 'slow'] as const;
/** `CCM_DEMO` says the mode; else the first of its names that stands as a word in the prompt. */
export const modeOf = (prompt: string, given = process.env['CCM_DEMO']): Mode => {
  const words = (given ? given : prompt).toLowerCase().split(/[^a-z]+/u);
  return modes.find((mode) => words.includes(mode)) ?? 'work';
};

/** True when the turn ended as it should. Throws AbortError when it is interrupted. */
export const turn = async (prompt: string, number: number, signal: AbortSignal): Promise<boolean> => {
  const mode = modeOf(prompt);
  const piece = pieces[(number - 1) % pieces.length] ?? pieces[0];
  const folder = join(process.cwd(), 'demo');
  const beats = mode === 'slow' ? 60 : 8;

  say(`${bold('Task')} ${excerpt(prompt)}`);
  say();
  await tell('progress', 'Reading the folder');
  const found = (await step('Read the folder', beats, signal, () => readdir(process.cwd()))).filter((name) => !name.startsWith('.'));
  say(dim(`    ${found.length} entries${found.length > 0 ? ': ' : ''}${found.slice(0, 6).join(', ')}${found.length > 6 ? ', …' : ''}`));

  if (mode === 'hang') return hang(signal);
  if (mode === 'crash') {
    await step('Reach for something that is not there', beats, signal, () => undefined);
    process.kill(process.pid, 'SIGKILL');
  }
  if (mode === 'fail') {
    await step('Look for a way', beats, signal, () => undefined);
    say(`  ${red('✗')} There is no way, and I say so.`);
    await tell('fail', 'I was asked to fail, and I did.');
    return false;
  }
  const flavour = mode === 'ask' ? await question(signal) : mode === 'approve' ? await permission(signal) : '';
  if (flavour === null) {
    await tell('fail', 'I was not allowed to go on.');
    return false;
  }

  await tell('progress', `Writing demo/${piece.name}.mjs`);
  await step(`Write demo/${piece.name}.mjs`, beats, signal, async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${piece.name}.mjs`), piece.code);
  });
  await unroll(piece.code, signal);
  await step(`Write demo/${piece.name}.test.mjs`, beats, signal, () => writeFile(join(folder, `${piece.name}.test.mjs`), piece.test));
  await tell('progress', 'Running the tests');
  const result = await step('Run node --test', beats, signal, () => test(folder, `${piece.name}.test.mjs`));
  say(`    ${result.passed ? green(result.line) : red(result.line)}`);
  const note = `- ${excerpt(prompt)} → \`demo/${piece.name}.mjs\`, ${result.line}${flavour && ` (${flavour})`}\n`;
  await step('Note it in demo/DEMO.md', beats / 2, signal, () => appendFile(join(folder, 'DEMO.md'), note));
  await rest(2, signal);

  const summary = result.passed ? `Wrote demo/${piece.name}.mjs with its test: ${result.line}.` : `demo/${piece.name}.mjs fails its test.`;
  say();
  say(`${green('●')} ${summary}`);
  await tell(result.passed ? 'done' : 'fail', summary);
  return result.passed;
};

/** One line of a prompt that may be a megabyte of anything. */
const excerpt = (prompt: string): string => {
  const line = prompt
    .slice(0, 400)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > 100 ? `${Array.from(line).slice(0, 99).join('')}…` : line || '(nothing)';
};

const hang = async (signal: AbortSignal): Promise<never> => {
  await tell('progress', 'Thinking about it');
  const forever = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return spin('Think about it for as long as it takes', forever, signal);
};

const question = async (signal: AbortSignal): Promise<string> => {
  const text = 'Which tone shall the comments have?';
  say(`? ${text}  ${dim('(answer in the inbox)')}`);
  const answer = await spin('waiting for an answer', ask(text, { approval: false, choices: ['plain', 'cheerful'] }, signal), signal);
  const said = answer?.text ?? 'plain';
  say(`  ${green('✓')} Answer: ${said}`);
  return said;
};

const permission = async (signal: AbortSignal): Promise<string | null> => {
  const text = 'May I write into the folder demo/?';
  say(`? ${text}  ${dim('(approve in the inbox)')}`);
  const answer = await spin('waiting for approval', ask(text, { approval: true }, signal), signal);
  const allowed = answer === null || answer.state === 'allow';
  say(allowed ? `  ${green('✓')} Allowed` : `  ${red('✗')} Not allowed`);
  return allowed ? 'allowed' : null;
};

const test = (cwd: string, file: string): Promise<{ passed: boolean; line: string }> =>
  new Promise((resolve) => {
    // A test run inside a test run would report to the outer one instead of us.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFile(process.execPath, ['--test', '--test-reporter=tap', file], { cwd, env }, (error, stdout) => {
      const count = (word: string): string => new RegExp(`^# ${word} (\\d+)$`, 'mu').exec(stdout)?.[1] ?? '0';
      resolve({ passed: error === null, line: `${count('pass')} passed, ${count('fail')} failed` });
    });
  });
