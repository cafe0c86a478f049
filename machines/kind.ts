/** What the runtime needs to know of a machine to make its actors durable. One value of this type per kind, gathered in `index.ts`. */
import type { AnyStateMachine, EventObject } from 'xstate';
import type { z } from 'zod';

export type Kind = 'task' | 'agent' | 'message' | 'approval' | 'sync-link';

/**
 * Every event that enters carries its identity and its time: machines never look at a clock.
 * `id` is unique per home (a second arrival is dropped); `at` is milliseconds since 1970, UTC; `by` says who or what sent it
 * (`cli`, `web`, `api:<token>`, `agent:<id>`, `timer`, `effect`, `actor:<id>`).
 */
export type Envelope = { id: string; at: number; by?: string | undefined };
export type Stamped = EventObject & Envelope;

/** A command a person may give. `verb` is its one name in the CLI, the API and the interface. */
export type Command = {
  verb: string;
  label: string;
  /** Ends or loses something: ask before doing it. */
  danger?: boolean;
  /** Fields the event needs beyond its envelope (the interface asks for them). */
  needs?: readonly string[];
};

/** The columns of an actor's read-model row; everything else is read from its snapshot. */
export type View = {
  /** One word for the whole configuration: what lists and `--json` show. */
  status: string;
  /** 0 nothing to do; 1 worth a look; 2 a person is waited for. */
  attention: 0 | 1 | 2;
  ended: boolean;
  title: string;
  /** Project id, or null. */
  project: string | null;
  /** The actor this one belongs to (agent → task, message → task, approval → task), or null. */
  parent: string | null;
  /** Higher goes first. */
  priority: number;
};

/** The parts of a persisted snapshot that rules may look at. `value` and `context` are JSON. */
export type SavedSnapshot = {
  value: unknown;
  context: Record<string, unknown>;
  historyValue?: unknown;
  status: string;
  children?: unknown;
};

export type MachineKind = {
  /** Its name in the table of kinds; a {@link Kind} in the product. */
  kind: string;
  /** Pure: no invoke, no spawn, no clock. Its actions are names from `effects.ts`. */
  machine: AnyStateMachine;
  /** Raised with every change of state names, context or timer ids. */
  version: number;
  /** What creating one needs; carries `id` and `at` like an event. */
  input: z.ZodType;
  /** Everything that may enter from outside. Timers' and effects' own events are admitted by the runtime. */
  events: z.ZodType;
  /** The shape of `context`, checked on restore. */
  context: z.ZodType;
  /** `from version` → the same snapshot as `from version + 1`. Field by field. */
  upcasters: Readonly<Record<number, (saved: SavedSnapshot) => SavedSnapshot>>;
  /** `from version` → timer ids renamed on the way to `from version + 1` (a timer's id and event contain its state's path). */
  timerRenames?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  /** Event type → the command it is. */
  commands: Readonly<Record<string, Command>>;
  /** Names of `delays` measured on the wall clock (schedules, expiries, limits). All others stand still while the machine sleeps. */
  wallDelays: readonly string[];
  /** Pure; same snapshot, same row. */
  view(saved: SavedSnapshot): View;
};
