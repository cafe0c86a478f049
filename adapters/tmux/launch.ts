/** One launch as one line of tmux commands: all of it happens, or none. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fail, ok, type Result } from '../../src/errors.ts';
import { shortText } from '../../src/lib/short-text.ts';
import type { LaunchSpec } from '../../src/ports/terminal.ts';
import { KEEPER } from './config.ts';
import { formatOf, hasNul, quote } from './quote.ts';
import { encodeText } from './rows.ts';

/** Linux refuses a single argument or variable of 128 KiB and more. */
const LONGEST_WORD = 131_000;
/** macOS allows 1 MiB for all of them together, Linux about 2. */
const LONGEST_TOTAL = 900_000;

/**
 * What tmux or our server's own environment would add; taken away again, since the program sees the launch's environment only.
 * TMUX above all: an agent that tries out `tmux kill-server` must not reach the server it lives in.
 */
const additions = ['HOME', 'LANG', 'PATH', 'PWD', 'SHELL', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TMUX', 'TMUX_PANE'];
/** tmux overrides these whatever `-e` says, so they are set one step later. No secrets: they stand in an argv. */
const overridden = ['PWD', 'SHELL'];

/** Checked before anything happens: `CCM_BAD_INPUT`, `CCM_TOO_LARGE`, `CCM_PATH_UNUSABLE` (tmux itself would start in another folder, unasked). */
export const checkLaunch = async (spec: LaunchSpec): Promise<Result<void>> => {
  const variables = Object.entries(spec.env);
  const words = [...spec.argv, ...variables.map(([name, value]) => `${name}=${value}`)];
  if (!/^[a-z0-9-]{1,40}$/.test(spec.session))
    return fail('CCM_BAD_INPUT', 'A session is named by 1 to 40 of a-z, 0-9 and "-".', { field: 'session' });
  if (spec.key === '') return fail('CCM_BAD_INPUT', 'A launch needs a key.', { field: 'key' });
  if (spec.argv.length === 0 || spec.argv[0] === '') return fail('CCM_BAD_INPUT', 'There is no program to run.', { field: 'argv' });
  const badName = variables.find(([name]) => !/^[^=\0]+$/.test(name));
  if (badName !== undefined)
    return fail('CCM_BAD_INPUT', 'The name of an environment variable is empty or holds "=" or NUL.', { field: 'env' });
  if ([...words, spec.cwd, spec.key].some(hasNul))
    return fail('CCM_BAD_INPUT', 'A NUL byte cannot be handed to a program.', { field: 'argv' });
  if (!validSize(spec.size)) return fail('CCM_BAD_INPUT', 'A window has 2 to 1000 columns and rows.', { field: 'size' });

  const sizes = words.map((word) => Buffer.byteLength(word) + 1);
  if (Math.max(...sizes) > LONGEST_WORD) return fail('CCM_TOO_LARGE', `An argument or variable is longer than ${LONGEST_WORD} bytes.`);
  if (sizes.reduce((sum, size) => sum + size, 0) > LONGEST_TOTAL) {
    return fail('CCM_TOO_LARGE', `Arguments and environment together exceed ${LONGEST_TOTAL} bytes.`);
  }
  if (!isAbsolute(spec.cwd)) return fail('CCM_PATH_UNUSABLE', `${spec.cwd} is not an absolute path.`, { path: spec.cwd });
  const isFolder = await stat(spec.cwd).then(
    (facts) => facts.isDirectory(),
    () => false, // Missing or out of reach: not a folder to work in.
  );
  return isFolder ? ok(undefined) : fail('CCM_PATH_UNUSABLE', `${spec.cwd} is not a folder.`, { path: spec.cwd });
};

export const validSize = (size: LaunchSpec['size']): boolean =>
  size === undefined || [size.cols, size.rows].every((count) => Number.isInteger(count) && count >= 2 && count <= 1000);

/** `env` sets and unsets, then becomes the program. It would read a program name with "=" as a variable: `sh` only hands that on. */
const programOf = (spec: LaunchSpec): string[] => {
  const unset = additions.filter((name) => !(name in spec.env)).flatMap((name) => ['-u', name]);
  const set = overridden.filter((name) => name in spec.env).map((name) => `${name}=${spec.env[name] ?? ''}`);
  const through = spec.argv[0]?.includes('=') ? ['/bin/sh', '-c', 'exec "$@"', 'sh'] : [];
  return ['/usr/bin/env', ...unset, ...set, ...through, ...spec.argv];
};

/** The line, and one that removes the keeper of a new session (refused when there is none: no matter). */
export const launchLines = (spec: LaunchSpec): { create: string; tidy: string } => {
  const tag = createHash('sha256').update(spec.key).digest('hex').slice(0, 32);
  // Named by its key at birth, so that even a half-done launch could be told; the title comes last.
  const target = `'=${spec.session}:=ccm-${tag}'`;
  const size = spec.size ?? { cols: 120, rows: 40 };
  const title = shortText(spec.title, 60) || 'agent';
  const variables = Object.entries(spec.env).map(([name, value]) => `-e ${quote(`${name}=${value}`)}`);
  const sessionExists = `'#{S:#{?#{==:#{session_name},${spec.session}},1,}}'`;
  const steps = [
    `if-shell -F ${sessionExists} {} { new-session -d -s ${spec.session} -n ${KEEPER} -- /bin/sh -c : }`,
    `set-option -t '=${spec.session}:' default-size ${size.cols}x${size.rows}`,
    `new-window -d -t '=${spec.session}:' -n ccm-${tag} -c ${formatOf('@ccm_cwd')} ${variables.join(' ')} -- ${programOf(spec).map(quote).join(' ')}`,
    `set-option -s @ccm_k_${tag} 1`,
    `set-option -p -t ${target} @ccm_key ${encodeText(spec.key)}`,
    `set-option -p -t ${target} @ccm_title ${encodeText(title)}`,
    `set-option -p -t ${target} @ccm_session ${spec.session}`,
    `resize-window -t ${target} -x ${size.cols} -y ${size.rows}`,
    `rename-window -t ${target} ${formatOf('@ccm_name')}`,
  ];
  const create = [
    `set-option -s @ccm_cwd ${quote(spec.cwd)}`,
    `set-option -s @ccm_name ${quote(title)}`,
    `if-shell -F '#{@ccm_k_${tag}}' {} { ${steps.join(' ; ')} }`,
  ].join(' ; ');
  return { create, tidy: `kill-window -t '=${spec.session}:=${KEEPER}'` };
};
