/** The demo agent's own word to its supervisor: `ccm report`, like any program would call it. */
import { execFile } from 'node:child_process';

type Answer = { state: string; text: string | null };

/** What `ccm` printed, also when it ended with trouble (a denial is exit code 1); null when it could not be run or said nothing. */
const run = (args: string[], signal?: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    // Started by hand, outside of CCM: there is nobody to tell.
    if (!process.env['CCM_HOOK_TOKEN']) return resolve(null);
    execFile('ccm', ['report', ...args], signal ? { signal } : {}, (_error, stdout) => resolve(stdout.trim() || null));
  });

/** Texts go after `--`: a prompt may begin with a dash. */
export const tell = async (report: 'ready' | 'busy' | 'progress' | 'done' | 'fail', text?: string): Promise<void> => {
  await run(text === undefined ? [report] : [report, '--', text]);
};

/** Asks a person and waits for as long as it takes. Null when nobody can be asked. */
export const ask = async (
  question: string,
  options: { approval: boolean; choices?: readonly string[] },
  signal: AbortSignal,
): Promise<Answer | null> => {
  const flags = [...(options.approval ? ['--approval'] : []), ...(options.choices ? ['--choices', options.choices.join(',')] : [])];
  const printed = await run(['ask', '--wait', '--json', ...flags, '--', question], signal);
  if (printed === null) return null;
  try {
    const { data } = JSON.parse(printed) as { data?: Partial<Answer> };
    return data?.state ? { state: data.state, text: data.text ?? null } : null;
  } catch {
    return null; // Words instead of JSON: the question was refused.
  }
};
