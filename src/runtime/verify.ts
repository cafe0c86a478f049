/** Is the journal what happened? The chain of hashes, the newest row against the actor, and every row of today's machine executed again. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { ensureError } from '../errors.ts';
import type { ActorRow, Store, StoredStep } from '../ports/store.ts';
import { ORIGIN, rowHash } from './hash.ts';
import type { Kinds } from './kinds.ts';
import { readSnapshot } from './restore.ts';
import { simulate } from './simulate.ts';
import type { Finding } from './types.ts';

const SLICE = 200;
const event = z.looseObject({ type: z.string() });
/** A row that brought the snapshot to a newer version: nothing to execute. */
export const UPCAST = 'ccm.upcast';

const breathe = () => new Promise<void>((resolve) => void setImmediate(resolve));

const executeAgain = (kinds: Kinds, row: StoredStep, before: StoredStep | undefined): string | null => {
  const kind = kinds.get(row.kind);
  if (!kind || row.version !== kind.version || row.machine !== kind.machineId) return null;
  const happened = event.parse(JSON.parse(row.event));
  if (happened.type === UPCAST) return null;
  if (row.seq > 1 && before?.version !== row.version) return null;
  try {
    const machine = simulate(kind, row.actor);
    const step = before
      ? machine.step(JSON.parse(before.snapshot) as SavedSnapshot, happened)
      : machine.begin((happened as { input?: unknown }).input);
    if (!step) return 'executed again, its event changes nothing';
    const again = JSON.parse(JSON.stringify(step.saved)) as unknown;
    if (!isDeepStrictEqual(again, JSON.parse(row.snapshot))) return 'executed again, its event leads to another snapshot';
    if (!isDeepStrictEqual(step.transitions, JSON.parse(row.transitions))) return 'executed again, its event takes other transitions';
    return null;
  } catch (error) {
    return `executed again, the chart throws: ${ensureError(error).message}`;
  }
};

/** Whole, and yet of no use to this program; null when it can be read. */
const setAside = (kinds: Kinds, row: ActorRow): string | null => {
  const kind = kinds.get(row.kind);
  if (!kind) return `there is no kind "${row.kind}"`;
  try {
    readSnapshot(kind, row);
    return null;
  } catch (error) {
    return `it is set aside: ${ensureError(error).message}`;
  }
};

export const verifier = (store: Store, kinds: Kinds) => {
  const machineHash = new Map<number, string>();
  const hashOf = (machine: number) => {
    const known = machineHash.get(machine) ?? store.journal.machineText(machine)?.hash ?? '';
    machineHash.set(machine, known);
    return known;
  };

  const actor = async (row: ActorRow): Promise<Finding[]> => {
    const findings: Finding[] = [];
    const base = store.journal.base(row.id);
    let before: StoredStep | undefined;
    let prev = base?.prev ?? ORIGIN;
    let expected = base?.seq ?? 1;
    for (;;) {
      const steps = store.journal.ofActor(row.id, before?.seq ?? 0, SLICE);
      for (const step of steps) {
        const find = (reason: string) => findings.push({ actor: row.id, seq: step.seq, gseq: step.gseq, reason });
        if (step.seq !== expected) find(`step ${expected} is missing before it`);
        if (rowHash(prev, step, hashOf(step.machine)) !== step.hash) find('its hash does not fit the row and the one before it');
        const again = before || step.seq === 1 ? executeAgain(kinds, step, before) : null;
        if (again) find(again);
        prev = step.hash;
        expected = step.seq + 1;
        before = step;
      }
      if (steps.length < SLICE) break;
      await breathe();
    }
    const newest = { actor: row.id, seq: row.seq, gseq: row.gseq };
    // A step may have been taken since the row was read.
    const current = store.actors.get(row.id);
    if (current && (current.hash !== before?.hash || current.snapshot !== before.snapshot)) {
      findings.push({ ...newest, reason: 'the actor is not in the state of its newest step' });
    } else if (current) {
      const why = setAside(kinds, current);
      if (why !== null) findings.push({ ...newest, reason: why });
    }
    return findings;
  };

  return async (id?: string): Promise<Finding[]> => {
    if (id !== undefined) {
      const row = store.actors.get(id);
      return row ? actor(row) : [];
    }
    const findings: Finding[] = [];
    for (let page = store.actors.page('', SLICE); page.length > 0; page = store.actors.page(page.at(-1)?.id ?? '', SLICE)) {
      for (const row of page) findings.push(...(await actor(row)));
      await breathe();
    }
    return findings;
  };
};
