/** The commands that are legal now, as the contract shows them. */
import type { Command } from '../api/contract/common.ts';
import type { LegalMove } from '../runtime/types.ts';

export const commandsOf = (legal: readonly LegalMove[]): Command[] =>
  legal.map(({ verb, label, danger, needs }) => ({ verb, label, danger: danger ?? false, needs: [...(needs ?? [])] }));
