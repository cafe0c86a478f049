/** What a person sees of one command, at 80 columns and a fixed time. */
import { expect } from 'vitest';
import { widthOf } from '../../src/cli/width.ts';
import { runInside } from '../support/cli-world.ts';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';

type Ids = Awaited<ReturnType<typeof furnishedDaemon>>['ids'];
export const say = async (typed: readonly string[] | ((ids: Ids) => readonly string[])): Promise<string> => {
  const daemon = await furnishedDaemon();
  const words = typeof typed === 'function' ? typed(daemon.ids) : typed;
  const { code, stdout, stderr } = await runInside(words, daemon.home);
  const text = `${stdout}${stderr === '' ? '' : `[stderr]\n${stderr}`}[exit ${code}]`
    .replaceAll(daemon.url(), 'http://127.0.0.1:8765')
    .replaceAll(`pid ${process.pid}`, 'pid 4711');
  expect(text.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  return `\n${text}\n`;
};
