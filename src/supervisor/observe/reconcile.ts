/** Compares what the actors believe with what is there: at start-up, and whenever the terminal is connected again. */
import type { PaneFact } from '../../ports/terminal.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import { readExit } from '../exit-files.ts';
import { keyOf, launchOf, type Places } from '../places.ts';
import type { Spool } from '../spool.ts';
import type { Endings } from './endings.ts';

/** Windows of ours that no agent knows, or that belong to an earlier start of one. Never killed by us. */
type Orphan = { key: string; pid: number; dead: boolean; session: string; title: string };
export type Reconciled = { spooled: number; adopted: string[]; ended: string[]; gone: string[]; orphans: Orphan[] };

type Deps = Pick<SupervisorDeps, 'actors' | 'clock' | 'terminal' | 'note'>;
type Parts = {
  spool: Pick<Spool, 'empty'>;
  ends: Endings;
  adopt: (agent: string) => void;
  /** Reads what the programs wrote of their conversations meanwhile. */
  catchUp: () => Promise<void>;
};

/** What could not be stored is tried again so often and so far apart: a start may be on its way. */
const TRIES = 10;
const PAUSE_MS = 200;

export const reconciler = (deps: Deps, where: Places, { spool, ends, adopt, catchUp }: Parts) => {
  const { actors, clock, terminal } = deps;

  /** All that lies in the spool, so that no end overtakes its program's own words. Returns how many. */
  const hearSpool = async (): Promise<number> => {
    let heard = 0;
    for (let tries = 1; ; tries += 1) {
      const { taken, left } = await spool.empty();
      heard += taken;
      if (left === 0 || tries === TRIES) return heard;
      await new Promise<void>((next) => void clock.after(PAUSE_MS, next));
    }
  };

  return async (): Promise<Reconciled> => {
    // What the agents said of themselves comes before what is concluded from their absence.
    const spooled = await hearSpool();
    await catchUp();
    const listed = await terminal.list();
    const panes = listed.ok ? listed.value : null;
    const byKey = new Map<string, PaneFact>((panes ?? []).map((pane) => [pane.key, pane]));
    const result: Reconciled = { spooled, adopted: [], ended: [], gone: [], orphans: [] };

    for (const actor of actors.list('agent')) {
      const facts = agentFacts(actor);
      if (!facts || facts.exit !== null || facts.launch === 0) continue;
      const of = { agent: facts.id, launch: facts.launch };
      const pane = byKey.get(keyOf(of)) ?? null;
      if (pane?.dead || (await readExit(where, of)) !== null) {
        await ends.exited(of, pane, pane?.exit ?? null);
        result.ended.push(facts.id);
      } else if (pane) {
        adopt(facts.id);
        result.adopted.push(facts.id);
      } else if (panes !== null && facts.pane !== null) {
        // Not launched yet is not gone: that start is still due in the outbox.
        await ends.gone(of, 'its window was gone when we looked again');
        result.gone.push(facts.id);
      }
    }
    result.orphans = (panes ?? [])
      .filter((pane) => !isKnown(pane.key))
      .map(({ key, pid, dead, session, title }) => ({ key, pid, dead, session, title }));
    if (result.orphans.length > 0)
      deps.note('There are windows that no agent knows; they are left as they are.', { orphans: result.orphans.map(({ key }) => key) });
    return result;
  };

  function isKnown(key: string): boolean {
    const of = launchOf(key);
    const facts = of && agentFacts(actors.state(of.agent));
    return facts != null && (facts.launch === of?.launch || facts.exit !== null);
  }
};
