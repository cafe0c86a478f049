/**
 * Hybrid logical stamps: `<15 digits of ms>-<6 hex counter>-<8 hex of the machine>`. As text they sort in the order of edits, and an edit made
 * after another was seen sorts behind it, whatever the clocks say.
 */
const most = 0xffffff;

export const noStamp = '000000000000000-000000-00000000';
const partsOf = (stamp: string): [ms: number, counter: number] => [Number(stamp.slice(0, 15)), Number.parseInt(stamp.slice(16, 22), 16)];
const written = (ms: number, counter: number, machine: string) =>
  `${String(ms).padStart(15, '0')}-${counter.toString(16).padStart(6, '0')}-${machine}`;

/** Eight hex digits of a machine, from the random end of its id. */
export const machineOf = (system: string): string => system.replaceAll('-', '').slice(-8);

/** The next stamp of this machine, behind every one it gave or saw. */
export const nextStamp = (latest: string, now: number, machine: string): string => {
  const [ms, counter] = partsOf(latest);
  if (now > ms) return written(now, 0, machine);
  return counter < most ? written(ms, counter + 1, machine) : written(ms + 1, 0, machine);
};

export const later = (a: string, b: string): string => (a > b ? a : b);
