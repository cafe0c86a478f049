/** What a person may do with an actor now: its commands that the chart accepts in this state. */
import type { AnyMachineSnapshot } from 'xstate';
import type { ReadyKind } from './kinds.ts';
import type { LegalMove } from './types.ts';

/** A guard that reads a field the event does not have yet may throw: then the move is not offered. */
export const accepts = (snapshot: AnyMachineSnapshot, event: { type: string; [field: string]: unknown }): boolean => {
  try {
    return snapshot.can(event);
  } catch {
    // Said above: an incomplete event is no legal move.
    return false;
  }
};

export const legalMoves = (kind: ReadyKind, snapshot: AnyMachineSnapshot, at: number): LegalMove[] =>
  Object.entries(kind.commands)
    .filter(([type]) => accepts(snapshot, { type, id: 'legal', at }))
    .map(([type, command]) => ({ type, ...command }));
