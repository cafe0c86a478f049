/** From a stored row to a snapshot the machine of today can go on with, or a reason why not. */
import { isDeepStrictEqual } from 'node:util';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { CcmError, ensureError } from '../errors.ts';
import type { ReadyKind } from './kinds.ts';

type Row = { id: string; version: number; snapshot: string };

const unreadable = (row: Row, kind: string, why: string, cause?: unknown) =>
  new CcmError('CCM_SNAPSHOT_UNREADABLE', `${kind} ${row.id}: ${why}`, { actor: row.id, kind, version: row.version }, cause);

const upcast = (kind: ReadyKind, row: Row): SavedSnapshot => {
  let saved = JSON.parse(row.snapshot) as SavedSnapshot;
  for (let version = row.version; version < kind.version; version += 1) {
    const next = kind.upcasters[version];
    if (!next) throw new Error(`nothing brings version ${version} to ${version + 1}`);
    saved = next(saved);
  }
  return saved;
};

/**
 * The snapshot of a row, brought to the kind's version and checked: context by its schema, state value by the machine.
 * (XState alone would take a context without its new fields, and quietly enter a new substate.)
 * @throws CcmError CCM_SNAPSHOT_UNREADABLE
 */
export const readSnapshot = (kind: ReadyKind, row: Row): SavedSnapshot => {
  if (row.version > kind.version) {
    throw unreadable(row, kind.name, `it was written by version ${row.version}, this is ${kind.version}`);
  }
  try {
    const saved = upcast(kind, row);
    const context = kind.context.safeParse(saved.context);
    if (!context.success) {
      const issue = context.error.issues[0];
      throw new Error(`context.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
    }
    if (saved.status !== 'active') throw new Error(`its status is "${saved.status}"`);
    // Throws when a state is not in the chart; shows when one has got substates, of which XState would quietly enter the first.
    // Only a check: a snapshot made this way would lose its history states.
    const resolved = kind.machine.resolveState({ value: saved.value as string, context: saved.context });
    if (!isDeepStrictEqual(resolved.value, saved.value)) throw new Error(`its state ${JSON.stringify(saved.value)} is only a part of one`);
    return saved;
  } catch (error) {
    throw unreadable(row, kind.name, ensureError(error).message, error);
  }
};

/** Timer ids of a row's version under their names of today. */
export const renameTimer = (kind: ReadyKind, from: number, id: string): string => {
  let name = id;
  for (let version = from; version < kind.version; version += 1) name = kind.timerRenames?.[version]?.[name] ?? name;
  return name;
};
