/** The vocabulary of the agent chart: its effects, guards, delays and named actions. The chart itself is `process.ts` and `conversation.ts`. */
import { setup } from 'xstate';
import { named } from '../effects.ts';
import { beliefOf, strong } from '../evidence.ts';
import * as rules from './rules.ts';
import type { AgentContext, AgentEvent, AgentInput } from './schema.ts';

const { means, settlesAs } = rules;

const base = setup({
  types: { context: {} as AgentContext, events: {} as AgentEvent, input: {} as AgentInput },
  actions: named(
    'actor.send',
    'actor.create',
    'agent.launch',
    'agent.stop',
    'agent.kill',
    'agent.interrupt',
    'agent.suspend',
    'agent.continue',
    'agent.probe',
    'agent.close',
  ),
  guards: {
    thisLaunch: rules.thisLaunch,
    startsAgain: rules.startsAgain,
    mayStartAgain: rules.mayStartAgain,
    conflicts: rules.conflicts,
    ignorable: rules.ignorable,
    isBusy: means('busy'),
    isReady: means('ready'),
    isAsking: means('needsAnswer'),
    isApproval: means('needsApproval'),
    isLimited: means('limited'),
    isInterrupted: means('interrupted'),
    saysDone: (args) => rules.says('done')(args),
    saysFailed: (args) => rules.says('failed')(args),
    saysEnd: (args) => rules.says('done')(args) || rules.says('failed')(args),
    settlesBusy: settlesAs('busy'),
    settlesReady: settlesAs('ready'),
    settlesApproval: settlesAs('needsApproval'),
    settlesLimited: settlesAs('limited'),
    settlesInterrupted: settlesAs('interrupted'),
    /** Not worth ending a doubt at once. */
    isWeak: ({ event }) => {
      const fresh = rules.seen(event);
      return fresh !== null && !strong(fresh);
    },
    oneshot: ({ context }) => context.profile.mode === 'oneshot',
    watchesScreen: ({ context }) => context.profile.ready !== null,
    hasQueued: ({ context }) => context.queue.length > 0,
    mayLetGo: ({ context }) => context.taskEnded && context.queue.length === 0,
    timeLimited: ({ context }) => context.profile.timeoutMs > 0,
    over: ({ context }) => context.exit !== null,
    wantsApproval: ({ event }) => event.type === 'ASKED' && event.kind === 'approval',
    othersAsk: ({ context, event }) => event.type === 'DECIDED' && context.asks.some((ask) => ask.approval !== event.approval),
    /** Nothing else is asked; an ask that was withdrawn already changes nothing. */
    lastAsk: ({ context, event }) => event.type === 'DECIDED' && context.asks.length === 1 && context.asks[0]?.approval === event.approval,
    resumesItself: ({ context }) => context.profile.autoResume,
    canBeTold: ({ context }) => context.current !== null && context.pane !== null,
    launchTrouble: ({ event }) => 'effect' in event && event.effect === 'agent.launch',
  },
  delays: {
    launchTimeout: 60_000,
    bootTimeout: ({ context }) => context.profile.bootMs,
    settleTime: 3_000,
    idleTime: ({ context }) => context.profile.idleMs,
    stopGrace: 10_000,
    killGrace: 10_000,
    lostTimeout: 6_000,
    closeDelay: 600_000,
    backoff: ({ context }) => rules.backoffMs(context),
    timeLimit: ({ context }) => context.profile.timeoutMs || Number.POSITIVE_INFINITY,
    limitReset: ({ context }) => rules.limitMs(context),
  },
});

const timeOf = (event: AgentEvent, context: AgentContext): number => event.at ?? context.now;

export const agentSetup = base.extend({
  actions: {
    /** Remember an observation and what it tells besides. */
    note: base.assign(({ context, event }) => rules.remember(context, event)),
    /** The end of a turn that another one follows: its words count, the work is not reported. */
    noteTurn: base.assign(({ context, event }) => ({ ...rules.remember(context, event), reported: context.reported })),
    noteDoubt: base.assign(({ context, event }) => ({
      ...rules.remember(context, event),
      // What raised the doubt is told a moment after it was seen: it counts in it.
      doubtSince: Math.min(timeOf(event, context), rules.seen(event)?.at ?? Number.POSITIVE_INFINITY),
    })),
    /** It was typed and not taken: our own hands say nothing of a turn any more. */
    doubtTyping: base.assign(({ context, event }) => ({
      evidence: context.evidence.filter(({ fact, source }) => source !== 'keys' || fact !== 'busy'),
      doubtSince: timeOf(event, context),
    })),
    beginDoubt: base.assign(({ context, event }) => ({
      doubtSince: Math.max(timeOf(event, context), context.limitedUntil ?? 0),
      limitedUntil: null,
    })),
    beginLaunch: base.assign(({ context, event }) => ({
      launch: context.launch + 1,
      pane: null,
      exit: null,
      output: null,
      ending: 'none' as const,
      problem: null,
      evidence: [],
      // Its prompt goes in with every start until it is answered.
      current: context.given ?? context.current,
      now: timeOf(event, context),
    })),
    beginTurn: base.assign(({ context, event }) => rules.own(context, 'busy', 'keys', timeOf(event, context), 'the program was started')),
    assumeReady: base.assign(({ context, event }) =>
      rules.own(context, 'ready', 'silence', timeOf(event, context), 'it has had its time to start'),
    ),
    keepPane: base.assign(({ context, event }) => (event.type === 'LAUNCHED' ? { pane: event.pane, now: timeOf(event, context) } : {})),
    keepExit: base.assign(({ context, event }) => rules.exitFacts(context, event)),
    countRestart: base.assign(({ context }) => ({ restarts: context.restarts + 1 })),
    endByPerson: base.assign({ ending: 'stop' as const }),
    endByForce: base.assign({ ending: 'kill' as const }),
    endByIdleness: base.assign({ ending: 'idle' as const }),
    endByTimeLimit: base.assign({ ending: 'timeLimit' as const }),
    enqueueMessage: base.assign(({ context, event }) =>
      event.type === 'ENQUEUE' ? { queue: [...context.queue, { message: event.message, text: event.text }] } : {},
    ),
    dequeueMessage: base.assign(({ context, event }) =>
      event.type === 'DEQUEUE' ? { queue: context.queue.filter((m) => m.message !== event.message) } : {},
    ),
    taskEnded: base.assign({ taskEnded: true }),
    taskReopened: base.assign({ taskEnded: false, reported: null }),
    /** Type the oldest waiting message: it becomes the current one. */
    deliverNext: base.enqueueActions(({ context, event, enqueue }) => {
      const [next, ...rest] = context.queue;
      if (!next || !context.pane) return;
      const deliver = { type: 'DELIVER', pane: context.pane, profile: context.profile };
      enqueue({ type: 'actor.send', params: { to: next.message, event: deliver } });
      enqueue.assign({
        queue: rest,
        current: next.message,
        ...rules.own(context, 'busy', 'keys', timeOf(event, context), 'a message is being typed'),
      });
    }),
    /** The turn is over: its message is answered. */
    finishTurn: base.enqueueActions(({ context, enqueue }) => {
      if (!context.current) return;
      // A prompt that it shows before it has begun with what its start carried is no answer to that.
      if (context.current === context.given && !rules.turnSeen(context)) return;
      enqueue({
        type: 'actor.send',
        params: { to: context.current, event: { type: 'ANSWERED', text: context.summary ?? context.progress } },
      });
      enqueue.assign({ current: null, given: null });
    }),
    /** Its prompt went in with its start. */
    tellGiven: base.enqueueActions(({ context, enqueue }) => {
      if (!context.given) return;
      enqueue({ type: 'actor.send', params: { to: context.given, event: { type: 'GIVEN' } } });
      if (context.profile.mode === 'oneshot')
        enqueue({ type: 'actor.send', params: { to: context.given, event: { type: 'TURN_STARTED' } } });
    }),
    /** The limit is over: the same conversation goes on with what it was at. */
    nudge: base.enqueueActions(({ context, event, enqueue }) => {
      if (!context.current || !context.pane) return;
      const go = { type: 'NUDGE', pane: context.pane, profile: context.profile, text: 'Go on where you left off.' };
      enqueue({ type: 'actor.send', params: { to: context.current, event: go } });
      enqueue.assign({
        ...rules.own(context, 'busy', 'keys', timeOf(event, context), 'the limit is over: it is told to go on'),
        limitedUntil: null,
        now: timeOf(event, context),
      });
    }),
    startTurn: base.enqueueActions(({ context, event, enqueue }) => {
      const certain = event.type === 'OBSERVED' && beliefOf[event.fact] === 'busy' && event.source !== 'keys';
      if (context.current && certain) enqueue({ type: 'actor.send', params: { to: context.current, event: { type: 'TURN_STARTED' } } });
    }),
    /** Open a question to a person. */
    openAsk: base.enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'ASKED') return;
      const { approval, kind, text, tool, choices, expiresAt, policy = null, at } = event;
      const input = {
        id: approval,
        at,
        agent: context.id,
        task: context.task,
        project: context.project,
        kind,
        text,
        tool,
        choices,
        expiresAt,
        policy,
      };
      enqueue({ type: 'actor.create', params: { kind: 'approval', id: approval, input } });
      enqueue.assign({ ...rules.remember(context, event), asks: [...context.asks, { approval, kind }] });
    }),
    closeAsk: base.assign(({ context, event }) => {
      if (event.type !== 'DECIDED') return {};
      const asks = context.asks.filter((ask) => ask.approval !== event.approval);
      return {
        asks,
        ...(asks.length === 0 ? rules.own(context, 'busy', 'keys', timeOf(event, context), `decided: ${event.decision}`) : {}),
      };
    }),
    /** No program, no conversation: what was being worked on is over. */
    hangUp: base.enqueueActions(({ context, enqueue }) => {
      const answer = { type: 'ANSWERED', text: context.summary ?? context.output };
      const word = rules.answeredByExit(context) ? answer : { type: 'AGENT_LEFT' };
      if (context.current) enqueue({ type: 'actor.send', params: { to: context.current, event: word } });
      enqueue.assign({ current: null, given: context.current === context.given ? null : context.given });
    }),
    /** Open questions have lost their asker: the program ended, or its turn did. */
    withdrawAsks: base.enqueueActions(({ context, enqueue }) => {
      for (const ask of context.asks) enqueue({ type: 'actor.send', params: { to: ask.approval, event: { type: 'WITHDRAW' } } });
      enqueue.assign({ asks: [] });
    }),
    /** It starts again and knows nothing of the turn it died in: the message goes back to the head of the queue. */
    requeueCurrent: base.enqueueActions(({ context, enqueue }) => {
      if (!context.current) return;
      enqueue({ type: 'actor.send', params: { to: context.current, event: { type: 'AGENT_RETURNS' } } });
      // What its start carries is carried by the next one, too.
      if (context.current === context.given) return enqueue.assign({ current: null });
      enqueue.assign({ queue: [{ message: context.current, text: '' }, ...context.queue], current: null });
    }),
    /** Nobody will take what still waits. */
    dropQueue: base.enqueueActions(({ context, enqueue }) => {
      if (context.given !== null && context.given !== context.current) {
        enqueue({ type: 'actor.send', params: { to: context.given, event: { type: 'AGENT_LEFT' } } });
        enqueue.assign({ given: null });
      }
      for (const { message } of context.queue) enqueue({ type: 'actor.send', params: { to: message, event: { type: 'AGENT_LEFT' } } });
      enqueue.assign({ queue: [] });
    }),
  },
});

/** An effect on the task this agent works for. */
export const tellTask = (make: (context: AgentContext) => { type: string; [field: string]: unknown }) => ({
  type: 'actor.send' as const,
  params: ({ context }: { context: AgentContext }) => ({ to: context.task, event: { agent: context.id, ...make(context) } }),
});

export const tellState = (state: string) =>
  tellTask((context) => ({ type: 'AGENT_STATE', state, detail: context.evidence.at(-1)?.detail ?? null }));
