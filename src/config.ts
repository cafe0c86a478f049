/** One frozen Config: where things live, what config.toml says, which agents there are. */
import { readFileSync } from 'node:fs';
import type { Profile } from '../machines/effects.ts';
import { deepFreeze } from './config/freeze.ts';
import { type Home, resolveHome, type Surroundings } from './config/home.ts';
import { lineOf } from './config/locate.ts';
import { list, type Mistake, parseConfig, refuse } from './config/parse.ts';
import { type AgentSettings, allSettings, type Permissions } from './config/profiles.ts';
import type { ConfigFile } from './config/schema.ts';
import { ensureError, fail, ok, type Result } from './errors.ts';
import { nearest } from './lib/nearest.ts';
import type { Budgets } from './money/budgets.ts';
import { noPrices, type Prices } from './money/prices.ts';
import type { Rule } from './policy/rules.ts';

export type Config = {
  readonly home: Readonly<Home>;
  readonly port: number;
  /** Tasks running at once. */
  readonly concurrency: number;
  /** Milliseconds between two launches. */
  readonly spacingMs: number;
  /** Host headers answered besides our own, as written (`name` or `name:port`). */
  readonly allowedHosts: readonly string[];
  /** What config.toml names, or null: then the first of `profiles` that is not built in, else what is installed. */
  readonly defaultAgent: string | null;
  /** Where secrets go before a place was chosen. */
  readonly secrets: 'auto' | 'keychain' | 'file';
  /** Milliseconds after which journal rows are compacted. */
  readonly journalAgeMs: number;
  readonly prices: Prices;
  readonly budgets: Budgets;
  /** Milliseconds after which a task for a machine that is away is done here, where that is possible; null = it waits. */
  readonly hereAfterMs: number | null;
  /** Answers given in advance; the first rule that fits counts. */
  readonly policy: readonly Rule[];
  /** Milliseconds after which a question that nobody decided is denied; 0 = never. */
  readonly approvalMs: number;
  /** Configured ones first, in the order of the file; `demo` is always among them. */
  readonly profiles: readonly Readonly<Profile>[];
  profile(name: string): Readonly<Profile> | undefined;
  builtIn(name: string): boolean;
  /** Environment values of a profile as written, `{secret:NAME}` unfilled. Secret: only for the launch. Empty for an unknown name. */
  profileEnv(name: string): Readonly<Record<string, string>>;
  /** The person's own configuration of the program is used instead of a private one. */
  ownConfig(name: string): boolean;
  /** The program may tell its maker what it counts, and look for updates. */
  telemetry(name: string): boolean;
  profilePermissions(name: string): Readonly<Permissions>;
  /** What is wrong with the file as it was saved last, which therefore does not count; null: nothing. */
  readonly mistake: string | null;
};

export type ConfigOptions = Surroundings & {
  /** Program and arguments of the shipped scripted agent. */
  demoCommand: readonly string[];
};

/** Reads config.toml if there is one. Trouble: `CCM_CONFIG_INVALID`, `CCM_HOME_UNUSABLE`. Makes nothing. */
export const loadConfig = (options: ConfigOptions): Result<Config> => {
  const home = resolveHome(options);
  if (!home.ok) return home;
  const path = home.value.config;
  const source = readText(path);
  if (!source.ok) return source;
  return configOf(source.value, home.value, options);
};

/** The same from a text: for tests and for checking an edit before it counts. */
export const configOf = (source: string, home: Home, options: Pick<ConfigOptions, 'env' | 'demoCommand'>): Result<Config> => {
  const parsed = parseConfig(source, home.config);
  if (!parsed.ok) return parsed;
  const file = parsed.value;
  const port = portFrom(options.env['CCM_PORT'], file.port);
  if (!port.ok) return port;
  const secrets = secretsFrom(options.env['CCM_SECRETS'], file.secrets);
  if (!secrets.ok) return secrets;
  const settings = allSettings(file.agents, options.demoCommand);
  const mistakes = contradictions(file, settings, source);
  if (mistakes.length > 0) return refuse(home.config, mistakes);
  const byName = new Map(settings.map((one) => [one.profile.name, one]));
  const none: Permissions = { mode: null, allow: [], deny: [], addDirs: [] };
  return ok(
    deepFreeze<Config>({
      home,
      port: port.value,
      concurrency: file.concurrency,
      spacingMs: file.spacing,
      allowedHosts: file.allowed_hosts,
      defaultAgent: file.default_agent ?? null,
      journalAgeMs: file.journal_age,
      prices: pricesOf(file),
      budgets: budgetsOf(file),
      hereAfterMs: file.sync?.when_away === 'run-here' ? file.sync.away_after : null,
      secrets: secrets.value,
      policy: file.policy.map(ruleOf),
      approvalMs: file.approval_expiry,
      profiles: settings.map(({ profile }) => profile),
      profile: (name) => byName.get(name)?.profile,
      builtIn: (name) => byName.get(name)?.builtIn ?? false,
      profileEnv: (name) => ({ ...byName.get(name)?.env }),
      ownConfig: (name) => byName.get(name)?.ownConfig ?? false,
      telemetry: (name) => byName.get(name)?.telemetry ?? false,
      profilePermissions: (name) => byName.get(name)?.permissions ?? none,
      mistake: null,
    }),
  );
};

const ruleOf = ({ decision, project, agent, tool, pattern, reason }: ConfigFile['policy'][number]): Rule => ({
  decision,
  project: project ?? null,
  agent: agent ?? null,
  tool: tool ?? null,
  pattern: pattern ?? null,
  reason: reason ?? null,
});

const micro = (dollars: number | undefined): number | null => (dollars === undefined ? null : Math.round(dollars * 1_000_000));
const budgetsOf = ({ budget }: ConfigFile): Budgets => ({
  task: micro(budget?.task),
  day: micro(budget?.day),
  projects: new Map(Object.entries(budget?.projects ?? {}).map(([name, dollars]) => [name, Math.round(dollars * 1_000_000)])),
});

const pricesOf = ({ prices }: ConfigFile): Prices =>
  prices === undefined
    ? noPrices
    : {
        version: prices.version,
        models: Object.entries(prices.models).map(([model, { input, output, cache_read, cache_write }]) => ({
          model,
          input,
          output,
          cacheRead: cache_read ?? null,
          cacheWrite: cache_write ?? null,
        })),
      };

/** What no single key can show: each is right by itself and they do not go together. */
const contradictions = (file: ConfigFile, settings: readonly AgentSettings[], source: string): Mistake[] => {
  const mistakes: Mistake[] = [];
  for (const { profile } of settings) {
    const at = ['agents', profile.name];
    if (profile.kind !== 'custom' || file.agents[profile.name]?.command !== undefined) continue;
    const sentence = `[agents.${profile.name}] is of kind "custom" and needs a command, such as ["my-agent"]`;
    mistakes.push({ line: lineOf(source, at), key: `${at.join('.')}.command`, sentence });
  }
  const names = settings.map(({ profile }) => profile.name);
  const chosen = file.default_agent;
  if (chosen !== undefined && !names.includes(chosen)) {
    const [close] = nearest(chosen, names);
    const hint = close ? `did you mean "${close}"?` : `there are ${list(names)}`;
    mistakes.push({
      line: lineOf(source, ['default_agent']),
      key: 'default_agent',
      sentence: `default_agent is "${chosen}", which is no agent; ${hint}`,
    });
  }
  return mistakes;
};

const readText = (path: string): Result<string> => {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (thrown) {
    const error = ensureError(thrown) as NodeJS.ErrnoException;
    // No file: nothing is configured. Where its folder is none, that is told of the home, in its own words.
    return error.code === 'ENOENT' || error.code === 'ENOTDIR'
      ? ok('')
      : fail('CCM_CONFIG_INVALID', `${path} cannot be read: ${error.message}.`, { path });
  }
};

const portFrom = (text: string | undefined, fallback: number): Result<number> => {
  if (text === undefined || text === '') return ok(fallback);
  const port = Number(text);
  // 0 = any free port: for tests, which read the chosen one from run.json.
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return ok(port);
  return fail('CCM_CONFIG_INVALID', `CCM_PORT is "${text.slice(0, 60)}", but must be a port from 1 to 65535.`, {
    key: 'CCM_PORT',
    next: 'Correct CCM_PORT in the environment, or unset it.',
  });
};

const secretsFrom = (text: string | undefined, fallback: Config['secrets']): Result<Config['secrets']> => {
  if (text === undefined || text === '') return ok(fallback);
  if (text === 'auto' || text === 'keychain' || text === 'file') return ok(text);
  return fail('CCM_CONFIG_INVALID', `CCM_SECRETS is "${text.slice(0, 60)}", but must be auto, keychain or file.`, {
    key: 'CCM_SECRETS',
    next: 'Correct CCM_SECRETS in the environment, or unset it.',
  });
};
