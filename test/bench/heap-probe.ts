/**
 * Loaded into a daemon under soak (`node --import`): on SIGUSR2 it collects garbage and writes what is left, so that growth that is garbage
 * not yet collected is told from growth that stays. CCM_PROBE_FILE: where to; CCM_PROBE_SNAPSHOTS: a folder for heap snapshots, when wanted.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { CCM_PROBE_FILE: file, CCM_PROBE_SNAPSHOTS: snapshots } = process.env;
setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

let taken = 0;
if (file !== undefined && typeof collect === 'function') {
  process.on('SIGUSR2', () => {
    collect();
    collect();
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    taken += 1;
    writeFileSync(file, JSON.stringify({ taken, heapUsed, external, arrayBuffers, rss }));
    if (snapshots !== undefined) writeHeapSnapshot(join(snapshots, `${String(taken).padStart(2, '0')}.heapsnapshot`));
  });
}
