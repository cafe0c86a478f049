import { expect, test } from 'vitest';
import { joinNext } from '../../src/lib/join-next.ts';

test('who asks while it runs gets a run that began after the question, and shares it', async () => {
  const runs: Array<PromiseWithResolvers<number>> = [];
  const look = joinNext(() => {
    const run = Promise.withResolvers<number>();
    runs.push(run);
    return run.promise;
  });
  const first = look();
  const [second, third] = [look(), look()];
  expect(runs).toHaveLength(1);
  runs[0]?.reject(new Error('not started yet'));
  await expect(first).rejects.toThrow('not started yet');
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toHaveLength(2);
  runs[1]?.resolve(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  void look();
  expect(runs).toHaveLength(3);
});
