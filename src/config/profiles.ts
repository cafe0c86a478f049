/** `[agents.NAME]` → the profile a task keeps, with the values of its environment held apart. */
import type { Profile } from '../../machines/effects.ts';
import type { Permissions } from '../ports/decisions.ts';
import type { AgentTable } from './schema.ts';

export type { Permissions } from '../ports/decisions.ts';
/** One agent as configured: `env` may hold secrets and never leaves the daemon's memory but into the agent's own process. */
export type AgentSettings = {
  profile: Profile;
  env: Record<string, string>;
  permissions: Permissions;
  ownConfig: boolean;
  telemetry: boolean;
  builtIn: boolean;
};

type Kind = Profile['kind'];

/** What each kind is when config.toml says nothing else. */
const defaults: Readonly<Record<Kind, Pick<Profile, 'mode' | 'prompt' | 'resumable' | 'restart' | 'bootMs'> & { ready?: string }>> = {
  // Not started again by itself: whether a prompt that died with it is to be repeated is a person's choice (`ccm resume`). That it has a
  // pattern at all keeps silence on its screen from being read as readiness.
  claude: { mode: 'interactive', prompt: 'paste', resumable: true, restart: 'never', bootMs: 60_000, ready: '^❯\\s*$' },
  gemini: { mode: 'interactive', prompt: 'paste', resumable: true, restart: 'never', bootMs: 60_000, ready: '^ > {3}Type your message' },
  codex: { mode: 'interactive', prompt: 'paste', resumable: true, restart: 'never', bootMs: 60_000, ready: '^› Ask Codex to do anything' },
  custom: { mode: 'interactive', prompt: 'paste', resumable: false, restart: 'never', bootMs: 30_000 },
  demo: { mode: 'interactive', prompt: 'paste', resumable: true, restart: 'on-failure', bootMs: 30_000 },
};

/** `demoCommand` starts the shipped scripted agent. */
const settingsOf = (name: string, table: AgentTable, demoCommand: readonly string[], builtIn = false): AgentSettings => {
  const kind = table.kind ?? kindOf(name);
  const base = defaults[kind];
  const command = table.command ?? (kind === 'demo' ? [...demoCommand] : [kind]);
  const env = table.env ?? {};
  const mode = table.mode ?? base.mode;
  return {
    builtIn,
    env,
    ownConfig: table.config === 'own',
    telemetry: table.telemetry ?? false,
    permissions: {
      mode: table.permissions?.mode ?? null,
      allow: table.permissions?.allow ?? [],
      deny: table.permissions?.deny ?? [],
      addDirs: table.permissions?.add_dirs ?? [],
    },
    profile: {
      name,
      kind,
      command,
      envNames: Object.keys(env),
      mode,
      // `{prompt}` in the command is where the text goes; a oneshot cannot be pasted into.
      prompt: table.prompt ?? (command.some((part) => part.includes('{prompt}')) || mode === 'oneshot' ? 'argument' : base.prompt),
      ready: table.ready ?? base.ready ?? null,
      busy: table.busy ?? null,
      ask: table.ask ?? null,
      restart: table.restart ?? (mode === 'oneshot' ? 'never' : base.restart),
      maxRestarts: table.max_restarts ?? 5,
      resumable: table.resumable ?? base.resumable,
      bootMs: table.boot_timeout ?? base.bootMs,
      idleMs: table.idle_timeout ?? 600_000,
      settleMs: table.settle ?? 300,
      concurrency: table.concurrency ?? 0,
      timeoutMs: table.time_limit ?? 0,
      autoResume: table.auto_resume ?? true,
    },
  };
};

const kindOf = (name: string): Kind => (name === 'claude' || name === 'gemini' || name === 'codex' || name === 'demo' ? name : 'custom');

/** Profiles that are there without any configuration. */
const builtInNames = ['claude', 'codex', 'gemini', 'demo'] as const;

/** Configured ones in the order of the file, then the built-in ones it does not redefine. */
export const allSettings = (agents: Readonly<Record<string, AgentTable>>, demoCommand: readonly string[]): AgentSettings[] => [
  ...Object.entries(agents).map(([name, table]) => settingsOf(name, table, demoCommand)),
  ...builtInNames.filter((name) => !Object.hasOwn(agents, name)).map((name) => settingsOf(name, {}, demoCommand, true)),
];
