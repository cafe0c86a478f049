import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fifo } from '../../../adapters/tmux/fifo.ts';

it('gives back in order, also past the point where the front is cleared away', () => {
  const queue = fifo<number>();
  const taken: Array<number | undefined> = [];
  for (let i = 0; i < 5_000; i += 1) {
    queue.push(i);
    if (i % 3 > 0) taken.push(queue.shift());
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) taken.push(next);
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  expect(queue.peek()).toBeUndefined();
});

it('lets go of what was taken out: memory grew by the answers of the last thousand commands', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const queue = fifo<{ answer: Uint8Array }>();
  const seen: Array<WeakRef<object>> = [];
  for (let i = 0; i < 100; i += 1) {
    const item = { answer: new Uint8Array(10) };
    seen.push(new WeakRef(item));
    queue.push(item);
    queue.shift();
  }
  // A weak reference holds its object until the turn is over.
  await new Promise((resolve) => void setImmediate(resolve));
  collect();
  expect(seen.filter((one) => one.deref() !== undefined).length).toBeLessThan(5);
  expect(queue.peek()).toBeUndefined();
});
