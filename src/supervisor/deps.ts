/** What the supervisor is given: ports, places, and a narrow door to the actors. */

import type { Result } from '../errors.ts';
import type { UsageDesk } from '../money/desk.ts';
import type { Asked, Ruling } from '../policy/rules.ts';
import type { AgentDrivers } from '../ports/agents.ts';
import type { Permissions } from '../ports/decisions.ts';
import type { KeyValue } from '../ports/records.ts';
import type { Clock } from '../ports/system.ts';
import type { Terminal } from '../ports/terminal.ts';
import type { Workspaces } from '../ports/workspaces.ts';

/** An actor as it stands: its context is JSON, `status` the one word of its view. */
export type ActorFacts = { id: string; status: string; ended: boolean; context: Record<string, unknown> };

/** An event on its way to an actor: complete, so that a repeat is recognised by its id. */
export type Told = { type: string; id: string; at: number; by: string; [field: string]: unknown };

/** The part of the runtime that the supervisor uses. */
export interface Actors {
  /** Resolves when the event is on disk (or was there before). Rejects when it could not be stored or is not an event of that actor. */
  send(to: string, event: Told): Promise<unknown>;
  state(id: string): ActorFacts | null;
  /** Those not ended. */
  list(kind: 'agent' | 'approval'): ActorFacts[];
  newId(): string;
}

export type SupervisorDeps = {
  /** Folder of this installation, absolute (0700). */
  home: string;
  actors: Actors;
  terminal: Terminal;
  workspaces: Workspaces;
  projects: { get(id: string): { name: string; path: string; trusted: boolean } | undefined };
  drivers: AgentDrivers;
  clock: Clock;
  /** Text of the sh script that programs are started through (adapters/agents). */
  exitWrapper: string;
  /** Our own environment or the one captured at install: only an allow-list of it reaches agents. `PATH` is the login PATH. */
  environment: Readonly<Record<string, string | undefined>>;
  /** What a person lets agents of a profile do unasked, as config.toml says it now. */
  permissions: (profile: string) => Permissions;
  /** What the person decided in advance about a permission; null when no rule fits. `project` is an id, `agent` a profile's name. */
  ruling: (asked: Asked) => Ruling | null;
  /** Milliseconds after which a question that nobody decided is denied; 0 = never. */
  approvalMs: () => number;
  /** Where what agents use is written down. */
  usage: UsageDesk;
  /** Small facts that must outlive us: where the reading of a conversation stopped, which dialog an approval belongs to. */
  memory: KeyValue;
  /** Values of a profile's `env`, read from config and the store of secrets at launch. Secret. Trouble says what is missing. */
  profileEnv: (profile: string) => Promise<Result<Readonly<Record<string, string>>>>;
  /** True when the programs of a profile shall use the person's own configuration (`config = "own"`). */
  ownConfig: (profile: string) => boolean;
  /** Whether the program may tell its maker what it counts, and look for updates. */
  telemetry: (profile: string) => boolean;
  /** A fresh token of scope `report` bound to this agent. Stored hashed by whoever makes it; older ones of the agent end. */
  agentToken: (agent: string) => string | Promise<string>;
  /** SHA-256 (hex) of every token the agent was ever given and that is still known, ended ones too: they prove what it wrote down. */
  agentTokenHashes: (agent: string) => readonly string[];
  /** Least time between two starts of agents, ms; 0 = none. */
  spacingMs: () => number;
  /** Base URL agents report to, `http://127.0.0.1:PORT`. */
  hookUrl: () => string;
  /** True when somebody waits (long-poll) for this decision or begins to within `ms`. */
  awaited: (approval: string, ms: number) => Promise<boolean>;
  /** For the daemon's log: one sentence and facts, no secrets. */
  note: (sentence: string, facts: Record<string, unknown>) => void;
};
