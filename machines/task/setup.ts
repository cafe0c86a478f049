/** The vocabulary of the task chart: its effects, guards, delays and named actions. The chart itself is in `index.ts`. */
import { setup } from 'xstate';
import { named } from '../effects.ts';
import * as rules from './rules.ts';
import type { TaskContext, TaskEvent, TaskInput } from './schema.ts';

const { agentIs, timeOf } = rules;

const base = setup({
  types: { context: {} as TaskContext, events: {} as TaskEvent, input: {} as TaskInput },
  actions: named('actor.send', 'actor.create', 'workspace.prepare', 'workspace.measure'),
  guards: {
    /** Not one that a person let it go beyond. */
    overruns: ({ context, event }) => event.type === 'BUDGET_REACHED' && !context.waived.includes(rules.waiver(event.overrun)),
    /** Enough for what was used already. */
    suffices: ({ context, event }) =>
      event.type === 'SET_BUDGET' && context.overrun?.scope === 'task' && event.budget > context.overrun.spent,
    thisAgent: rules.thisAgent,
    thisAttempt: rules.thisAttempt,
    isRemote: ({ context }) => context.system !== null,
    isLater: ({ context }) => context.startAt !== null && context.startAt > context.now,
    waits: ({ context }) => context.waitsFor.length > 0,
    stuck: ({ context }) => context.stuckOn.length > 0,
    works: agentIs('busy', 'ready', 'booting', 'interrupted', 'detecting'),
    needsApproval: agentIs('needsApproval'),
    needsAnswer: agentIs('needsAnswer'),
    limited: agentIs('limited'),
    /** A oneshot ends by its exit status; its own word only counts when that is unknown. */
    saysSoOnly: (args) => rules.thisAgent(args) && args.context.profile.mode === 'oneshot',
    ended: ({ context, event }) =>
      event.type === 'DEPENDENCY_ENDED' && event.status === 'succeeded' && context.waitsFor.every((t) => t === event.task),
    oneLess: ({ event }) => event.type === 'DEPENDENCY_ENDED' && event.status === 'succeeded',
    /** Its conversation can be taken up where it broke off. */
    mayGoOn: ({ context }) => context.profile.resumable && context.grant !== null && context.workspace !== null,
    /** The same, where it never said itself that it had failed: its program was killed or died. */
    brokeOff: ({ context }) => context.profile.resumable && context.grant !== null && context.workspace !== null && context.said === null,
    hasAgent: ({ context }) => context.agent !== null,
    verdictSucceeded: ({ context }) => context.verdict === 'succeeded',
    verdictFailed: ({ context }) => context.verdict === 'failed',
    verdictCancelled: ({ context }) => context.verdict === 'cancelled',
    hubSucceeded: ({ event }) => event.type === 'HUB_ENDED' && event.verdict === 'succeeded',
    hubFailed: ({ event }) => event.type === 'HUB_ENDED' && event.verdict === 'failed',
    hubCancelled: ({ event }) => event.type === 'HUB_ENDED' && event.verdict === 'cancelled',
    wasLost: (args) => rules.thisAgent(args) && args.context.verdict === 'interrupted',
    measureTrouble: ({ event }) => 'effect' in event && event.effect === 'workspace.measure',
    prepareTrouble: ({ event }) => 'effect' in event && event.effect === 'workspace.prepare',
  },
  delays: {
    startDelay: ({ context }) => Math.max(0, (context.startAt ?? context.now) - context.now),
    measureTimeout: 20_000,
    stopTimeout: 45_000,
    offerExpiry: 86_400_000,
  },
});

export const taskSetup = base.extend({
  actions: {
    stamp: base.assign(({ context, event }) => ({ now: timeOf(event, context) })),
    setPriority: base.assign(({ event }) => (event.type === 'SET_PRIORITY' ? { priority: event.priority } : {})),
    setBudget: base.assign(({ event }) => (event.type === 'SET_BUDGET' ? { budget: event.budget } : {})),
    keepOverrun: base.assign(({ event }) =>
      event.type === 'BUDGET_REACHED' ? { overrun: event.overrun, reason: rules.overrunText(event.overrun) } : {},
    ),
    forgetOverrun: base.assign({ overrun: null, reason: null }),
    /** A person lets it go beyond this budget; a higher one asks again. */
    waive: base.assign(({ context }) =>
      context.overrun ? { waived: [...context.waived, rules.waiver(context.overrun)], overrun: null, reason: null } : {},
    ),
    forgetStart: base.assign({ startAt: null }),
    forgetWaits: base.assign({ waitsFor: [], stuckOn: [] }),
    addDependent: base.assign(({ context, event }) =>
      event.type === 'WATCH_END' ? { dependents: [...context.dependents.filter((t) => t !== event.task), event.task] } : {},
    ),
    noteDependency: base.assign(({ context, event }) => {
      if (event.type !== 'DEPENDENCY_ENDED') return {};
      const stuckOn = context.stuckOn.filter((t) => t !== event.task);
      return event.status === 'succeeded'
        ? { waitsFor: context.waitsFor.filter((t) => t !== event.task), stuckOn }
        : { stuckOn: [...stuckOn, event.task], reason: `a task it waits for ended ${event.status}` };
    }),
    keepGoingOn: base.assign(({ context, event }) => ({
      followUp: { message: null, text: 'You were interrupted. Go on where you left off.' },
      now: timeOf(event, context),
    })),
    beginAttempt: base.assign(({ context, event }) => rules.attemptFacts(context, event)),
    keepWorkspace: base.assign(({ event }) => (event.type === 'WORKSPACE_READY' ? { workspace: event.workspace } : {})),
    keepFollowUp: base.assign(({ context, event }) =>
      event.type === 'FOLLOW_UP' ? { followUp: { message: event.message, text: event.text }, now: timeOf(event, context) } : {},
    ),
    keepWord: base.assign(({ context, event }) =>
      event.type === 'AGENT_DONE' || event.type === 'AGENT_FAILED'
        ? {
            said: event.type === 'AGENT_DONE' ? ('done' as const) : ('failed' as const),
            result: { ...rules.resultOf(context), summary: event.summary },
          }
        : {},
    ),
    judgeWord: base.assign(({ event }) => ({ verdict: event.type === 'AGENT_DONE' ? ('succeeded' as const) : ('failed' as const) })),
    judgeExit: base.assign(({ context, event }) => rules.exitVerdict(context, event)),
    judgeCancelled: base.assign(({ context, event }) => ({
      verdict: 'cancelled' as const,
      reason: ('reason' in event ? rules.shortReason(event.reason) : null) ?? context.reason,
    })),
    judgeTrouble: base.assign(({ event }) =>
      'problem' in event
        ? { verdict: 'failed' as const, reason: rules.shortReason(event.problem.detail) }
        : { verdict: 'interrupted' as const },
    ),
    judgeHub: base.assign(({ context, event }) =>
      event.type === 'HUB_ENDED' ? { verdict: event.verdict, result: { ...rules.resultOf(context), summary: event.summary } } : {},
    ),
    keepMeasure: base.assign(({ context, event }) =>
      event.type === 'WORKSPACE_MEASURED' ? { result: { ...rules.resultOf(context), diff: event.diff } } : {},
    ),
    keepExit: base.assign(({ context, event }) =>
      event.type === 'AGENT_EXITED'
        ? { result: { ...rules.resultOf(context), exitCode: event.exit.code, signal: event.exit.signal, output: event.output } }
        : {},
    ),
    closeAttempt: base.assign(({ context, event }) => rules.endFacts(context, event)),
    takenOver: base.assign(({ event }) =>
      event.type === 'HUB_TAKEN_OVER' ? { verdict: 'superseded' as const, reason: `taken over by ${event.system}` } : {},
    ),
    runHere: base.assign(({ event }) => ({ system: null, ...(event.type === 'RUN_HERE' ? event.plan : {}) })),
    handOver: base.assign(({ event }) =>
      event.type === 'HAND_OVER' ? { system: event.system, verdict: null, reason: null, endedAt: null } : {},
    ),
    /** Ask every task this one waits for to say when it ends. */
    watchOthers: base.enqueueActions(({ context, enqueue }) => {
      for (const task of context.waitsFor)
        enqueue({ type: 'actor.send', params: { to: task, event: { type: 'WATCH_END', task: context.id } } });
    }),
    /** The agent of this attempt and, where the prompt is pasted, the message that carries it. */
    createAgent: base.enqueueActions(({ context, event, enqueue }) => {
      if (!context.agent || !context.grant) return;
      const at = timeOf(event, context);
      enqueue({ type: 'actor.create', params: rules.agentInput(context, at) });
      if (context.profile.prompt === 'paste' || rules.carried(context)) {
        const { message } = context.grant;
        const text = rules.promptOf(context);
        enqueue({
          type: 'actor.create',
          params: { kind: 'message', id: message, input: { id: message, at, agent: context.agent, task: context.id, text } },
        });
        if (!rules.carried(context))
          enqueue({ type: 'actor.send', params: { to: context.agent, event: { type: 'ENQUEUE', message, text } } });
      }
      enqueue({ type: 'actor.send', params: { to: context.agent, event: { type: 'START' } } });
    }),
    /** The end is told to the agent and to every task that waits for it. */
    announceEnd: base.enqueueActions(({ context, event, enqueue }) => {
      const status = context.verdict ?? 'interrupted';
      if (context.agent && rules.wasBorn(context, event))
        enqueue({ type: 'actor.send', params: { to: context.agent, event: { type: 'TASK_ENDED' } } });
      for (const to of context.dependents)
        enqueue({ type: 'actor.send', params: { to, event: { type: 'DEPENDENCY_ENDED', task: context.id, status } } });
    }),
    answerWatcher: base.enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'WATCH_END') return;
      const status = context.verdict ?? 'interrupted';
      enqueue({ type: 'actor.send', params: { to: event.task, event: { type: 'DEPENDENCY_ENDED', task: context.id, status } } });
    }),
    /** The living agent of the last attempt gets one more message. */
    reopen: base.enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'REOPEN' || !context.agent) return;
      const { message, text } = event;
      const input = { id: message, at: timeOf(event, context), agent: context.agent, task: context.id, text };
      enqueue.assign({ verdict: null, said: null, reason: null, endedAt: null });
      enqueue({ type: 'actor.create', params: { kind: 'message', id: message, input } });
      enqueue({ type: 'actor.send', params: { to: context.agent, event: { type: 'TASK_REOPENED' } } });
      enqueue({ type: 'actor.send', params: { to: context.agent, event: { type: 'ENQUEUE', message, text } } });
    }),
    judgeExpired: base.assign({ verdict: 'expired' as const, reason: 'no machine took it in time' }),
  },
});

/** An order to the agent of this attempt. */
export const order = (type: 'STOP' | 'KILL' | 'SUSPEND' | 'CONTINUE' | 'RESUME_NOW') => ({
  type: 'actor.send' as const,
  params: ({ context }: { context: TaskContext }) => ({ to: context.agent ?? '', event: { type } }),
});
