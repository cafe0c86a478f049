/** The supervisor's narrow door to the actors, with the real charts behind it and nothing stored. */
import { randomUUID } from 'node:crypto';
import { createActor } from 'xstate';
import { agentKind, agentMachine } from '../../../machines/agent/index.ts';
import { type AgentEvent, events as agentEvents } from '../../../machines/agent/schema.ts';
import { approvalKind, approvalMachine } from '../../../machines/approval.ts';
import type { Profile, WorkspaceFacts } from '../../../machines/effects.ts';
import type { MachineKind, SavedSnapshot } from '../../../machines/kind.ts';
import type { ActorFacts, Actors, Told } from '../../../src/supervisor/deps.ts';

/** What every agent of these tests belongs to. */
export const projectId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** No timer of a chart ever rings: what happens here is what the supervisor brings about. */
const stillClock = { setTimeout: () => 0, clearTimeout: () => undefined };

type Live = { kind: MachineKind; snapshot: () => unknown; send: (event: unknown) => void; stop: () => unknown };

export type Charts = Actors & {
  /** Everything that was sent and was new, oldest first. */
  sent: Array<Told & { to: string }>;
  /** Events of one type. */
  of: (type: string) => Array<Told & { to: string }>;
  agent: (profile: Profile, workspace: WorkspaceFacts, prompt: string | null) => string;
  stopAll: () => void;
};

export const charts = (): Charts => {
  const live = new Map<string, Live>();
  const seen = new Set<string>();
  const sent: Charts['sent'] = [];
  const newId = (): string => randomUUID();

  const facts = (id: string): ActorFacts | null => {
    const found = live.get(id);
    if (!found) return null;
    const saved = JSON.parse(JSON.stringify(found.snapshot())) as SavedSnapshot;
    const { status, ended } = found.kind.view(saved);
    return { id, status, ended, context: saved.context };
  };

  const openApproval = (agent: string, event: AgentEvent): void => {
    if (event.type !== 'ASKED') return;
    const { approval, at, kind, text, tool, choices, expiresAt, policy = null } = event;
    const actor = createActor(approvalMachine, {
      input: { id: approval, at, agent, task: 'task', project: 'project', kind, text, tool, choices, expiresAt, policy },
      clock: stillClock,
    });
    live.set(approval, {
      kind: approvalKind,
      snapshot: () => actor.getPersistedSnapshot(),
      send: (told) => actor.send(approvalKind.events.parse(told) as Parameters<typeof actor.send>[0]),
      stop: () => actor.stop(),
    });
    actor.start();
  };

  return {
    sent,
    of: (type) => sent.filter((event) => event.type === type),
    newId,
    state: facts,
    list: (kind) =>
      [...live.entries()].flatMap(([id, one]) => {
        const found = one.kind.kind === kind ? facts(id) : null;
        return found && !found.ended ? [found] : [];
      }),
    async send(to, event) {
      const target = live.get(to);
      if (!target) throw new Error(`no actor ${to}`);
      if (seen.has(event.id)) return;
      target.send(event);
      seen.add(event.id);
      sent.push({ ...event, to });
    },
    agent(profile, workspace, prompt) {
      const id = newId();
      const input = {
        id,
        at: Date.now(),
        task: newId(),
        project: projectId,
        title: 'A task',
        attempt: 1,
        profile,
        workspace,
        prompt,
        message: null,
        conversation: newId(),
        resume: false,
      };
      const actor = createActor(agentMachine, { input, clock: stillClock });
      live.set(id, {
        kind: agentKind,
        snapshot: () => actor.getPersistedSnapshot(),
        send: (told) => {
          const event = agentEvents.parse(told);
          actor.send(event);
          openApproval(id, event);
        },
        stop: () => actor.stop(),
      });
      actor.start();
      actor.send({ type: 'START', id: newId(), at: Date.now() });
      return id;
    },
    stopAll: () => {
      for (const { stop } of live.values()) stop();
    },
  };
};
