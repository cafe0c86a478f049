/**
 * Which outbox rows wait for which: in order per actor and lane, at most one running in each lane, all lanes beside each other.
 * In memory only; the rows themselves are on disk.
 */

export type Lane = { key: string; ids: number[]; busy: boolean; waiting: boolean; offered: boolean };

export const lanes = () => {
  const all = new Map<string, Lane>();
  const of = new Map<number, Lane>();
  const ready: Lane[] = [];
  const startable = (lane: Lane) => !lane.busy && !lane.waiting && lane.ids.length > 0;
  const offer = (lane: Lane) => {
    if (lane.offered || !startable(lane)) return;
    lane.offered = true;
    ready.push(lane);
  };
  return {
    add: (row: { id: number; actor: string; lane: string }): Lane => {
      const key = `${row.lane} ${row.actor}`;
      let lane = all.get(key);
      if (!lane) {
        lane = { key, ids: [], busy: false, waiting: false, offered: false };
        all.set(key, lane);
      }
      lane.ids.push(row.id);
      of.set(row.id, lane);
      offer(lane);
      return lane;
    },
    /** The next lane whose first row may start now. */
    next: (): Lane | undefined => {
      for (let lane = ready.shift(); lane; lane = ready.shift()) {
        lane.offered = false;
        if (startable(lane)) return lane;
      }
      return undefined;
    },
    /** The row is finished or cancelled. */
    remove: (id: number) => {
      const lane = of.get(id);
      if (!lane) return;
      of.delete(id);
      // What waits for another try is always the first.
      if (lane.ids[0] === id) lane.waiting = false;
      lane.ids.splice(lane.ids.indexOf(id), 1);
      if (lane.ids.length === 0 && !lane.busy) all.delete(lane.key);
      else offer(lane);
    },
    /** Looks at a lane again after its flags changed. */
    freed: (lane: Lane) => {
      if (lane.ids.length === 0 && !lane.busy) all.delete(lane.key);
      else offer(lane);
    },
    startable: () => ready.some(startable),
    pending: () => of.size,
  };
};
