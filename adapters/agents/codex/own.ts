/**
 * The person's own configuration of Codex, used without being touched: the conversation's own CODEX_HOME links to theirs, but what the program writes
 * by itself. Of `config.toml` it gets a copy with ours laid over it, since the program keeps counters and answers there. Our hooks come on the
 * command line, where they are hooks of their own beside all others.
 */
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { z } from 'zod';
import { fail, ok, type Result } from '../../../src/errors.ts';
import { mergeJson } from '../../../src/lib/merge-json.ts';
import type { Json, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import { forcedConfig, KEY } from './config.ts';
import { hookFlags } from './hooks.ts';

const configOf = (own: string): string => join(own, '.codex/config.toml');
const loginOf = (own: string): string => join(own, '.codex/auth.json');

/** Read before a start. */
export const ownFiles = (own: string): readonly string[] => [configOf(own), loginOf(own)];

/** What the program writes: talks, state, copies of what it fetched; its collected memories too, which go with a state of their own. */
const notLinked = [
  String.raw`config\.toml`,
  'sessions',
  'archived_sessions',
  String.raw`history\.jsonl`,
  String.raw`session_index\.jsonl`,
  'logs?',
  String.raw`\.?tmp`,
  'cache',
  'memories',
  'skills',
  'shell_snapshots',
  'worktrees',
  'installation_id',
  String.raw`version\.json`,
  String.raw`models_cache\.json`,
  String.raw`\.sandbox_migration`,
  'thread-.*',
  'tui-.*',
  String.raw`.*\.(?:lock|sqlite.*)`,
];
const linked = new RegExp(`^(?!(?:${notLinked.join('|')})$)`, 'u');

type Table = { readonly [key: string]: Json };
const known = z.looseObject({
  model_provider: z.string().optional(),
  hooks: z.looseObject({ state: z.record(z.string(), z.json()).optional() }).optional(),
});

/** What they said of their hooks is kept by the path of a file, which is another one here. */
const movedTrust = (state: Table, from: string, to: string): Table =>
  Object.fromEntries(Object.entries(state).map(([key, value]) => [key.startsWith(`${from}/`) ? to + key.slice(from.length) : key, value]));

type Own = { files: PlanFile[]; flags: string[] };

/** `home`: the CODEX_HOME of this conversation. `CCM_CONFIG_INVALID` for one that cannot be read, `CCM_AGENT_LACKS` where no model would be reached. */
export const ownFilesOf = (home: string, own: string, request: LaunchRequest): Result<Own> => {
  const theirs = read(own, request);
  if (!theirs.ok) return theirs;
  const { model_provider: provider, hooks } = known.parse(theirs.value);
  const { command, name } = request.profile;
  const login = request.theirs[loginOf(own)] !== undefined;
  if (!login && provider === undefined && !request.env[KEY] && !command.some((word) => word.includes('model_provider')))
    return fail(
      'CCM_AGENT_LACKS',
      `Codex has no login in ${loginOf(own)}. Run \`codex login\` (with \`cli_auth_credentials_store = "file"\`), or set ${KEY} in the env of [agents.${name}].`,
    );
  const over = forcedConfig(request, request.trusted ? null : 'untrusted');
  const moved = movedTrust(hooks?.state ?? {}, join(own, '.codex'), home);
  // What they said of folders is theirs where the project is trusted, and counts for nothing where it is not.
  const { projects = {}, ...rest } = theirs.value;
  const merged = mergeJson({ ...rest, ...(request.trusted ? { projects } : {}) }, { ...over, hooks: { state: moved } });
  return ok({
    files: [
      { path: home, mirrors: join(own, '.codex'), names: linked },
      { path: join(home, 'skills'), mirrors: join(own, '.codex/skills'), names: /^(?!\.)/u },
      { path: join(home, 'config.toml'), content: stringify(merged) },
    ],
    flags: hookFlags(request),
  });
};

const read = (own: string, { theirs }: LaunchRequest): Result<Table> => {
  try {
    const found = z.record(z.string(), z.json()).safeParse(plain(parse(theirs[configOf(own)] ?? '')));
    if (found.success) return ok(found.data);
  } catch {
    // Said below: the program would refuse it, too.
  }
  return fail('CCM_CONFIG_INVALID', `${configOf(own)} cannot be read. Mend it, or take \`config = "own"\` away.`);
};

/** Dates as their words: JSON has none. */
const plain = (table: unknown): unknown => JSON.parse(JSON.stringify(table));
