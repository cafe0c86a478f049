/** The shape of config.toml. Strict: an unknown key is a mistake somebody wants to hear about. */
import { z } from 'zod';
import { duration } from './duration.ts';
import { referenceTrouble } from './secret-reference.ts';

const second = 1000;
const day = 86_400_000;

const pattern = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    try {
      RegExp(text, 'u');
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: `is not a regular expression: ${thrown instanceof Error ? thrown.message : 'invalid'}` });
    }
  });

const text = z
  .string()
  .max(32_768)
  .refine((value) => !value.includes('\0'), 'must not contain a NUL character');

const variable = text.superRefine((value, context) => {
  const message = referenceTrouble(value);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

const agentKinds = ['claude', 'gemini', 'codex', 'custom', 'demo'] as const;

export const agentTable = z.strictObject({
  kind: z.enum(agentKinds).optional(),
  command: z.array(text).min(1).max(200).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a name of an environment variable'), variable).optional(),
  config: z.enum(['private', 'own']).optional(),
  telemetry: z.boolean().optional(),
  mode: z.enum(['interactive', 'oneshot']).optional(),
  prompt: z.enum(['paste', 'argument', 'stdin']).optional(),
  ready: pattern.optional(),
  busy: pattern.optional(),
  ask: pattern.optional(),
  permissions: z
    .strictObject({
      mode: z.string().min(1).max(60).optional(),
      allow: z.array(z.string().min(1).max(500)).max(200).optional(),
      deny: z.array(z.string().min(1).max(500)).max(200).optional(),
      add_dirs: z.array(z.string().min(1).max(4096)).max(50).optional(),
    })
    .optional(),
  restart: z.enum(['never', 'on-failure']).optional(),
  max_restarts: z.int().min(0).max(100).optional(),
  resumable: z.boolean().optional(),
  auto_resume: z.boolean().optional(),
  concurrency: z.int().min(0).max(1000).optional(),
  boot_timeout: duration(second, 3_600 * second).optional(),
  idle_timeout: duration(second, day).optional(),
  time_limit: duration(0, 30 * day).optional(),
  settle: duration(0, 60 * second).optional(),
});
export type AgentTable = z.infer<typeof agentTable>;

const mask = z.string().min(1).max(500);
export const policyRule = z.strictObject({
  decision: z.enum(['allow', 'deny', 'ask']),
  project: mask.optional(),
  agent: mask.optional(),
  tool: mask.optional(),
  pattern: mask.optional(),
  reason: z.string().min(1).max(300).optional(),
});

/** Dollars per million tokens. */
const dollars = z.number().min(0).max(100_000);
export const priceTable = z.strictObject({
  input: dollars,
  output: dollars,
  cache_read: dollars.optional(),
  cache_write: dollars.optional(),
});
export const pricesTable = z.strictObject({
  /** Told beside every figure made with them: a date, say. */
  version: z.string().min(1).max(60),
  /** By name of the model, `*` stands for anything; the first that fits counts. */
  models: z.record(z.string().min(1).max(100), priceTable).default({}),
});

const budgetDollars = z.number().positive().max(1_000_000);
export const budgetTable = z.strictObject({
  /** Of each task, of one day of everything, and of one day of a project. */
  task: budgetDollars.optional(),
  day: budgetDollars.optional(),
  projects: z.record(z.string().min(1).max(60), budgetDollars).default({}),
});

export const syncTable = z.strictObject({
  /** A task for a machine that is away, whose project this one has too: it waits, or is done here. */
  when_away: z.enum(['wait', 'run-here']).default('wait'),
  /** How long it waits before that. */
  away_after: duration(0, 30 * day).default(15 * 60 * second),
});

/** `host` or `host:port` as a browser sends it. */
const hostName = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?$/, 'must be a host name, with a port if it is not ours, without http://');

export const configFile = z.strictObject({
  port: z.int().min(1).max(65_535).default(8765),
  concurrency: z.int().min(1).max(1000).default(4),
  spacing: duration(0, 3_600 * second).default(500),
  allowed_hosts: z.array(hostName).max(50).default([]),
  default_agent: z.string().min(1).max(60).optional(),
  policy: z.array(policyRule).max(500).default([]),
  approval_expiry: duration(0, 365 * day).default(day),
  prices: pricesTable.optional(),
  budget: budgetTable.optional(),
  sync: syncTable.optional(),
  journal_age: duration(day, 3650 * day).default(30 * day),
  secrets: z.enum(['auto', 'keychain', 'file']).default('auto'),
  agents: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'is not a name for an agent (small letters, digits, - and _)'), agentTable)
    .default({}),
});
export type ConfigFile = z.infer<typeof configFile>;
