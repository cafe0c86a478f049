/** A process that plays a world until it is killed: at the n-th passage of a point of the runtime, or from outside. */
import { flushCompileCache } from 'node:module';
import type { CrashPoint } from '../../src/runtime/index.ts';
import { openWorld, play } from './crash-world.ts';

// It is written at the end of a process otherwise, which this one hardly ever lives to see.
flushCompileCache();

const [, , folder = '', seed = '1', length = '40', point = '', passage = '1'] = process.argv;
let left = Number(passage);
const crash = (at: CrashPoint) => {
  if (at !== point) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

const world = { folder, seed: Number(seed), length: Number(length) };
const opened = await openWorld(world, { crash });
await play(world, opened);
await opened.runtime.shutdown();
opened.store.close();
console.log('complete');
