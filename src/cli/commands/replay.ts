import type { ActorAt, JournalRow } from '../../api/contract/index.ts';
import { localTime } from '../age.ts';
import { pathOf } from '../api.ts';
import { byText } from '../by.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import { eventText, stepLines } from '../replay-lines.ts';
import { onKeys, screen } from '../screen.ts';
import type { Run } from '../spec.ts';
import { stateText } from '../state-lines.ts';
import { statusCell } from '../status.ts';
import { table } from '../table.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const limit = input.number('limit', 1, 1000) ?? 200;
  const seq = input.number('at', 0, Number.MAX_SAFE_INTEGER);
  if (seq !== undefined) {
    const reply = await cli.api.get<ActorAt>(pathOf('actors', id, 'at', String(seq)));
    cli.show(reply, () => stepLines(cli, reply.data));
    return exits.ok;
  }
  const reply = await cli.api.get<JournalRow[]>(`${pathOf('actors', id)}/history`, { limit });
  if (input.flag('step')) return step(cli, id, reply.data);
  cli.show(reply, () => [
    ...table(
      [
        { title: 'STEP', right: true },
        { title: 'TIME' },
        { title: 'EVENT', max: 20 },
        { title: 'BY', max: 16, spare: 1 },
        { title: 'STATUS' },
        { title: 'STATE', flex: true },
      ],
      reply.data.map((row) => [
        String(row.seq),
        { text: localTime(row.at).slice(11), paint: cli.paint.dim },
        eventText(row.type),
        byText(row.by),
        statusCell(row.status, cli.paint),
        { text: stateText(row.value), paint: cli.paint.dim },
      ]),
      cli.columns(),
      cli.paint.dim,
    ),
    cli.paint.dim('--at STEP shows what one step changed, --step walks through them.'),
  ]);
  return exits.ok;
};

/** Walks through the rows with the keys; one step fills the screen. */
const step = async (cli: Cli, id: string, rows: readonly JournalRow[]): Promise<number> => {
  if (!cli.live || !cli.stdin().isTTY) throw usageError('--step needs a terminal.', 'Use `--at STEP` for one step, or no option for all.');
  const first = rows[0];
  if (!first) {
    cli.say('No step was stored yet.');
    return exits.ok;
  }
  let at = rows.length - 1;
  const view = screen(cli);
  const pressed: string[] = [];
  let wake: () => void = () => undefined;
  const keys = onKeys(cli, (key) => {
    pressed.push(key);
    wake();
  });
  try {
    for (;;) {
      const row = rows[at] ?? first;
      const { data } = await cli.api.get<ActorAt>(pathOf('actors', id, 'at', String(row.seq)));
      view.draw([...stepLines(cli, data), '', cli.paint.dim(`${at + 1} of ${rows.length} · → next · ← back · g first · G last · q quit`)]);
      if (pressed.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const key = pressed.shift() ?? '';
      if (key === 'q' || key === '\u0003' || key === '\u0004') return exits.ok;
      at = Math.max(0, Math.min(rows.length - 1, move(key, at, rows.length)));
    }
  } finally {
    keys.stop();
    view.close();
  }
};

const move = (key: string, at: number, count: number): number => {
  const arrow = key.startsWith('\u001b') ? key.at(-1) : '';
  if (arrow === 'C' || arrow === 'B' || ['n', 'j', 'l', ' '].includes(key)) return at + 1;
  if (arrow === 'D' || arrow === 'A' || ['p', 'k', 'h'].includes(key)) return at - 1;
  if (key === 'g') return 0;
  return key === 'G' ? count - 1 : at;
};
