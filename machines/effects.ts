/**
 * Every effect a chart may ask for: its parameters, and what a repeat of it means. Types both sides: `setup({ actions })` of the machines
 * and the handler tables of the adapters. Parameters are JSON; whatever correlates an outcome with its request travels in them.
 */
import { z } from 'zod';

/**
 * `safe`: running it twice is the same as once. `ask`: a half-run one is reported to the chart as EFFECT_UNSURE, which decides.
 * `generation`: safe inside the terminal-server generation it was started in, `ask` in another one.
 */
export type Repeat = 'safe' | 'ask' | 'generation';

/** `urgent` effects overtake and cancel what the same actor still has due in the normal lane. */
export type Lane = 'normal' | 'urgent';

const id = z.string().min(1).max(128);

/** The program of an agent as it was when the task was made: later edits of config.toml do not change a running attempt. */
export const profile = z.object({
  name: z.string(),
  kind: z.enum(['custom', 'demo', 'claude', 'gemini', 'codex']),
  command: z.array(z.string()).min(1),
  /** Names only: values are read from config at launch, so that no secret is stored. */
  envNames: z.array(z.string()),
  mode: z.enum(['interactive', 'oneshot']),
  prompt: z.enum(['paste', 'argument', 'stdin']),
  ready: z.string().nullable(),
  busy: z.string().nullable(),
  ask: z.string().nullable(),
  /** `on-failure` starts it again with back-off; `never` leaves that to the person. */
  restart: z.enum(['never', 'on-failure']),
  /** Restarts of one attempt before its agent is left ended; work that goes well in between does not count them anew. */
  maxRestarts: z.int().min(0).max(100),
  /** Same conversation can be continued after the process ended. */
  resumable: z.boolean(),
  /** Milliseconds an interactive program has to show that it is ready. */
  bootMs: z.int().min(100),
  /** Milliseconds of silence after which a finished interactive agent is ended. */
  idleMs: z.int().min(1000),
  /** Milliseconds between the parts of a paste and its Enter. */
  settleMs: z.int().min(0),
  /** Running at once under this profile; 0 = no own limit. */
  concurrency: z.int().min(0),
  /** Hard time limit of an attempt in milliseconds; 0 = none. */
  timeoutMs: z.int().min(0),
  /** Told to go on by itself when a limit of its provider is over. */
  autoResume: z.boolean().default(true),
});
export type Profile = z.infer<typeof profile>;

/** Where an attempt works (see the Workspaces port). */
export const workspace = z.object({
  dir: z.string(),
  worktree: z.string().nullable(),
  branch: z.string().nullable(),
  base: z.string().nullable(),
  notes: z.array(z.string()),
});
export type WorkspaceFacts = z.infer<typeof workspace>;

/** Where an agent's program lives (see the Terminal port). */
export const pane = z.object({
  generation: z.string(),
  window: z.string(),
  pane: z.string(),
  pid: z.int(),
  pidStart: z.string(),
});
export type Pane = z.infer<typeof pane>;

const spec = <S extends z.ZodObject>(params: S, repeat: Repeat, lane: Lane = 'normal') => ({ params, repeat, lane });

export const effects = {
  /** Deliver an event to another actor in the same commit. Never reaches the outbox. */
  'actor.send': spec(z.object({ to: id, event: z.looseObject({ type: z.string() }) }), 'safe'),
  /** Create an actor in the same commit. */
  'actor.create': spec(z.object({ kind: z.string(), id, input: z.looseObject({}) }), 'safe'),

  /** Make the worktree. Outcome: WORKSPACE_READY { attempt, workspace } or WORKSPACE_FAILED { attempt, problem }. */
  'workspace.prepare': spec(
    z.object({
      task: id,
      project: id,
      attempt: z.int(),
      title: z.string(),
      reuse: workspace.nullable(),
      /** Commit to start from instead of the project's HEAD. Absent in rows of task version 3 and before. */
      from: z.string().nullable().optional(),
    }),
    'safe',
  ),
  /** Count what changed. Outcome: WORKSPACE_MEASURED { attempt, diff }. */
  'workspace.measure': spec(z.object({ task: id, project: id, attempt: z.int(), workspace }), 'safe'),

  /** Start the program in a window of its own. Outcome: LAUNCHED { launch, pane } or LAUNCH_FAILED { launch, problem }. */
  'agent.launch': spec(
    z.object({
      agent: id,
      task: id,
      project: id,
      title: z.string(),
      launch: z.int(),
      profile,
      workspace,
      /** The first prompt, for profiles that take it at launch; null when it is delivered as a message. */
      prompt: z.string().nullable(),
      /** Conversation to continue, or null for a new one. */
      resume: z.string().nullable(),
      conversation: z.string(),
    }),
    'generation',
  ),
  /** Put one message into the conversation. Outcome to the message: SUBMITTED or TYPE_FAILED. */
  'agent.type': spec(z.object({ agent: id, message: id, attempt: z.int(), pane, profile, text: z.string() }), 'ask'),
  /** Press what interrupts a turn. */
  'agent.interrupt': spec(z.object({ agent: id, pane, profile }), 'safe', 'urgent'),
  /** Stop and continue the process without ending it. Outcome: SUSPENDED or CONTINUED. */
  'agent.suspend': spec(z.object({ agent: id, pane, profile }), 'safe', 'urgent'),
  'agent.continue': spec(z.object({ agent: id, pane, profile }), 'safe'),
  /** Ask the program to end, by its own ladder. The end itself is heard as PROCESS_EXITED. */
  'agent.stop': spec(z.object({ agent: id, launch: z.int(), pane: pane.nullable(), profile }), 'safe', 'urgent'),
  /** End it and everything it started, now. Outcome: PROCESS_EXITED when nothing is left. */
  'agent.kill': spec(z.object({ agent: id, launch: z.int(), pane: pane.nullable(), profile }), 'safe', 'urgent'),
  /** Look at process, pane and files now and report what is seen as OBSERVED. */
  'agent.probe': spec(z.object({ agent: id, launch: z.int(), pane: pane.nullable(), profile }), 'safe'),
  /** Remove the window of an ended program (its screen is saved first). */
  'agent.close': spec(z.object({ agent: id, pane }), 'safe'),
  /** Hand a decision or an answer to whoever waits for it inside the agent. Outcome to the approval: DELIVERED or DELIVERY_FAILED. */
  'approval.deliver': spec(
    z.object({ approval: id, agent: id, decision: z.enum(['allow', 'deny', 'answer', 'expire']), text: z.string().nullable() }),
    'ask',
  ),

  /** Prove the hub with an authenticated ping. Outcome: PROVEN or PROOF_FAILED { reason }. */
  'link.prove': spec(z.object({ link: id, round: z.int() }), 'safe'),
  /** Push and pull until the backlog is gone. Outcome: CAUGHT_UP or PROOF_FAILED { reason }. */
  'link.catchUp': spec(z.object({ link: id, round: z.int() }), 'safe'),
  /** Forget tokens and channels of the hub; data and queue stay. */
  'link.close': spec(z.object({ link: id, signOut: z.boolean() }), 'safe'),
} as const;

export type EffectName = keyof typeof effects;
export type EffectParams = { [K in EffectName]: z.infer<(typeof effects)[K]['params']> };

/** Effects the runtime carries out itself, inside the commit. */
export type InternalEffect = 'actor.send' | 'actor.create';
export type ExternalEffect = Exclude<EffectName, InternalEffect>;

type NamedActions<N extends EffectName> = { [K in N]: (_: unknown, params: EffectParams[K]) => void };

/** The `actions` of a machine's setup: typed names without a body, since the runtime runs none of them. */
export const named = <N extends EffectName>(...names: N[]): NamedActions<N> => {
  const table = {} as NamedActions<N>;
  for (const name of names) table[name] = () => undefined;
  return table;
};

/** Who asked for an effect. `effectId` (`<actor>:<seq>:<index>`) stays the same over retries: adapters use it as their idempotency key. */
export type EffectMeta = { actor: string; effectId: string; attempt: number };

/** An event for the actor that asked, or for another one; null when there is nothing to say. The runtime adds id and time. */
export type Outcome = { to?: string; event: { type: string; [field: string]: unknown } };

/**
 * What an adapter returns. `problem` with a retry kind is tried again with back-off (bounded); a final one reaches the chart as
 * EFFECT_FAILED { effect, params, problem }. Throwing is a bug: the row stops with its stack kept and the chart gets EFFECT_FAILED too.
 */
export type HandlerResult =
  | { outcomes: Outcome[] }
  | { problem: { code: string; detail: string }; retry: boolean }
  /** Nothing was tried: it is not its turn for so many milliseconds. Counts as no attempt, and holds nobody up. */
  | { later: number };
export type Handler<N extends ExternalEffect> = (params: EffectParams[N], meta: EffectMeta) => Promise<HandlerResult>;
export type Handlers = { [N in ExternalEffect]: Handler<N> };
