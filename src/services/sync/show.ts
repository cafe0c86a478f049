/** How the link stands, what waits for the hub, and which machines there are. Reads only. */
import type { SyncConflict, SyncStatus, System } from '../../api/contract/sync.ts';
import { shortOf } from '../../ports/system.ts';
import { LINK_ID } from '../../sync/link-events.ts';
import { systemNames } from '../../sync/systems.ts';
import { commandsOf } from '../commands.ts';
import type { AccountDeps, HubMemory } from './account.ts';
import { outboxPages } from './outbox.ts';

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const away = new Set(['offline', 'queuing']);
/** Why it is not connected. What it met before a person held it or signed out is no reason any more. */
const reasonOf = (status: string, reason: string | null): string | null =>
  away.has(status) || (status === 'signedOut' && reason === 'authExpired') ? reason : null;

export const syncShow = ({ runtime, store, engine }: AccountDeps, memory: () => HubMemory | undefined) => {
  const { sync } = store;
  const names = systemNames(sync);
  const { titleOf, page: outbox } = outboxPages(sync);
  const retryAt = (status: string): number | null => {
    if (!away.has(status)) return engine.nextPollAt();
    const due = runtime.timers(LINK_ID).map((timer) => timer.due);
    return due.length > 0 ? Math.round(Math.min(...due)) : null;
  };

  return {
    status: (): SyncStatus => {
      const state = runtime.state(LINK_ID);
      const status = state?.status ?? 'localOnly';
      const link = sync.link();
      const who = engine.hub()?.who() ?? null;
      const known = memory();
      return {
        state: status,
        reason: reasonOf(status, textOf(state?.context['reason'])),
        evidence: engine.evidence(),
        pending: link === null ? 0 : sync.pending(),
        inFlight: Number(state?.context['inFlight'] ?? 0),
        provenAt: numberOf(state?.context['provenAt']),
        nextAt: retryAt(status),
        url: known?.url ?? null,
        email: who?.email ?? known?.email ?? null,
        strong: who?.strong ?? false,
        system: link === null ? null : { id: link.system, name: names.of(link.system) },
        conflicts: link === null ? 0 : sync.conflicts(1000).length,
        rejected: link === null ? 0 : sync.refused(),
        heard: link?.cursor ?? 0,
        commands: state ? commandsOf(state.legal) : [],
      };
    },
    outbox,
    systems: (): System[] => {
      const here = sync.link()?.system;
      const projects = sync.rows('project');
      return sync.rows('system').map(({ id, doc, state }) => {
        const facts = (state['facts'] ?? {}) as Record<string, unknown>;
        return {
          id,
          short: shortOf(id),
          name: names.of(id),
          here: id === here,
          os: textOf(doc['os']),
          version: textOf(doc['version']),
          agents: textsOf(doc['agents']),
          load: numberOf(facts['load']),
          running: numberOf(facts['running']),
          lastSeen: numberOf(state['lastSeen']),
          projects: projects
            .filter((row) => (row.doc['system'] ?? row.state['system']) === id)
            .map((row) => ({ id: row.id, name: titleOf('project', row.id) })),
        };
      });
    },
    conflicts: (): SyncConflict[] =>
      sync
        .conflicts(200)
        .map(({ tbl, id, column, lost, kept, at }) => ({ table: tbl, row: id, title: titleOf(tbl, id), column, lost, kept, at })),
  };
};
