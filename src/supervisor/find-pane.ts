/** Finds the window of a start, also when its LAUNCHED never reached the agent. */
import type { Result } from '../errors.ts';
import { ok } from '../errors.ts';
import type { PaneFact, PaneRef, Terminal } from '../ports/terminal.ts';
import { keyOf, type Launch } from './places.ts';

/** Null when there is no such window. Trouble: the terminal is not connected. */
export const findPane = async (terminal: Terminal, of: Launch): Promise<Result<PaneFact | null>> => {
  const panes = await terminal.list();
  if (!panes.ok) return panes;
  return ok(panes.value.find((pane) => pane.key === keyOf(of)) ?? null);
};

/** The same process as the stored one, and not a later one with its number. */
export const samePane = (fact: PaneFact, stored: PaneRef): boolean =>
  fact.generation === stored.generation && fact.pane === stored.pane && fact.pid === stored.pid && fact.pidStart === stored.pidStart;

/** Alive right now? Null when nobody can tell because the terminal is not connected. */
export const isAlive = async (terminal: Pick<Terminal, 'list'>, stored: PaneRef): Promise<boolean | null> => {
  const panes = await terminal.list();
  if (!panes.ok) return null;
  return panes.value.some((pane) => samePane(pane, stored) && !pane.dead);
};

/** Of what the terminal tells of a window, the part that is stored with the agent. */
export const paneOf = ({ generation, window, pane, pid, pidStart }: PaneFact): PaneRef => ({ generation, window, pane, pid, pidStart });
