/** The demo agent's own word to its supervisor: `ccm report`, like any program would call it. */
import { execFile } from 'node:child_process';

type Answer = { state: string; text: string | null };

const run = (args: string[], signal?: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    // Started by hand, outside of CCM: there is nobody to tell.
    if (!process.env['CCM_HOOK_TOKEN']) return resolve(null);
    execFile('ccm', ['report', ...args], signal ? { signal } : {}, (error, stdout) => {
      resolve(error ? null : stdout);
    });
  });

/** Texts go after `--`: a prompt may begin with a dash. */
export const tell = async (report: 'ready' | 'busy' | 'progress' | 'done' | 'fail', text?: string): Promise<void> => {
  await run(text === undefined ? [report] : [report, '--', text]);
};

/** Asks a person and waits. Null when nobody can be asked. */
export const ask = async (
  question: string,
  options: { approval: boolean; choices?: readonly string[] },
  signal: AbortSignal,
): Promise<Answer | null> => {
  const flags = [...(options.approval ? ['--approval'] : []), ...(options.choices ?? []).flatMap((choice) => ['--choice', choice])];
  const printed = await run(['ask', '--json', ...flags, '--', question], signal);
  if (printed === null) return null;
  try {
    const { data } = JSON.parse(printed) as { data?: Partial<Answer> };
    return { state: data?.state ?? 'answer', text: data?.text ?? null };
  } catch {
    // Not JSON: then the text itself is the answer.
    return { state: 'answer', text: printed.trim() };
  }
};
