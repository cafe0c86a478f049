/** The chain: each journal row's hash covers the row and the hash before it, so that no row of an actor can be changed or dropped unseen. */
import { hash } from 'node:crypto';
import type { StoredStep } from '../ports/store.ts';

/** What the first row of every actor builds on. */
export const ORIGIN = '';

/** JSON texts and ids hold no line break, so that one between the parts makes them unmistakable. */
export const rowHash = (prev: string, row: Omit<StoredStep, 'hash' | 'machine' | 'prev'>, machineHash: string): string =>
  hash(
    'sha256',
    `${prev}\n${row.gseq}\n${row.actor}\n${row.kind}\n${row.version}\n${machineHash}\n${row.seq}\n${row.at}\n${row.event}\n${row.transitions}\n${row.snapshot}`,
    'hex',
  );

export const textHash = (text: string): string => hash('sha256', text, 'hex');
