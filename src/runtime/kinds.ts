/** The table of kinds made ready: definitions stored by hash, charts refused that could lock an actor in. */
import type { AnyStateMachine } from 'xstate';
import type { MachineKind } from '../../machines/kind.ts';
import type { Journal } from '../ports/store.ts';
import { textHash } from './hash.ts';

export type ReadyKind = MachineKind & {
  /** Its key in the table. */
  name: string;
  definitionHash: string;
  /** Id of the stored definition. */
  machineId: number;
  isWall(timer: string): boolean;
};
export type Kinds = ReadonlyMap<string, ReadyKind>;

/** A final state at the root stops an XState actor for good: there would be no way back (law 5). */
const refuseOneWayDoors = (name: string, machine: AnyStateMachine) => {
  const finals = Object.values(machine.root.states).filter((state) => state.type === 'final');
  const type = machine.root.type;
  if (finals.length > 0 && type === 'compound') {
    throw new Error(`Kind "${name}": the final state "${finals[0]?.id}" at the root ends the actor for good; use a tag`);
  }
};

export const readyKinds = (kinds: Readonly<Record<string, MachineKind>>, journal: Journal, now: number): Kinds =>
  new Map(
    Object.entries(kinds).map(([name, kind]) => {
      refuseOneWayDoors(name, kind.machine);
      const text = JSON.stringify(kind.machine.definition);
      const definitionHash = textHash(text);
      const wall = kind.wallDelays.map((delay) => `xstate.after.${delay}.`);
      const ready: ReadyKind = {
        ...kind,
        name,
        definitionHash,
        machineId: journal.machine({ hash: definitionHash, kind: name, version: kind.version, text, at: now }),
        isWall: (timer) => kind.wallDelays.includes(timer) || wall.some((start) => timer.startsWith(start)),
      };
      return [name, ready];
    }),
  );
