/** A pane's screen: as text for a reader, and as the bytes that draw it on an empty terminal. */
import { ok, type Result } from '../../src/errors.ts';
import type { Reply } from './client.ts';
import { type Block, unescapeOutput } from './protocol.ts';
import { gone, outputs } from './reply.ts';

const ESC = '\x1b';
const sgr = new RegExp(`${ESC}\\[[\\d;:]*m`, 'g');

export const captureCommand = (pane: string, history: number, styled: boolean): string =>
  `capture-pane -p${styled ? ' -e' : ''}${history > 0 ? ` -S -${Math.trunc(history)}` : ''} -t ${pane}`;

export const readCapture = (reply: Reply, pane: string): Result<string> => {
  const result = outputs(reply, pane);
  if (!result.ok) return result;
  const lines = (result.value[0]?.body.toString('utf8') ?? '').split('\n');
  while (lines.length > 0 && lines.at(-1)?.replaceAll(sgr, '').trim() === '') lines.pop();
  return ok(lines.join('\n'));
};

const facts = [
  'pane_height',
  'cursor_x',
  'cursor_y',
  'cursor_flag',
  'alternate_on',
  'scroll_region_upper',
  'scroll_region_lower',
  'insert_flag',
  'origin_flag',
  'wrap_flag',
  'keypad_cursor_flag',
  'keypad_flag',
  'mouse_standard_flag',
  'mouse_button_flag',
  'mouse_all_flag',
  'mouse_sgr_flag',
  'mouse_utf8_flag',
] as const;

/** Facts, screen, and the beginning of an escape sequence that has not ended yet: without it the live bytes would start in its middle. */
export const repaintCommands = (pane: string): string[] => [
  `display-message -p -t ${pane} '${facts.map((name) => `#{${name}}`).join(' ')}'`,
  `capture-pane -p -e -N -t ${pane}`,
  `capture-pane -p -P -C -t ${pane}`,
];

/** Bytes that bring any terminal to what `repaintCommands` told. `blocks`: their answers. */
const repaint = (blocks: readonly Block[]): Buffer => {
  const values = (blocks[0]?.body.toString('latin1') ?? '').split(' ').map(Number);
  const fact = Object.fromEntries(facts.map((name, index) => [name, values[index] ?? 0])) as Record<(typeof facts)[number], number>;
  const mode = (on: number, code: string): string => `${ESC}[${code}${on ? 'h' : 'l'}`;
  const lines = blocks[1]?.lines() ?? [];
  const parts: Array<string | Buffer> = [
    // Out of any half-read sequence, soft reset, then the right screen, empty.
    `${ESC}\\${ESC}[!p${mode(fact.alternate_on, '?1049')}${ESC}[r${ESC}[0m${ESC}[2J${ESC}[?7l`,
    ...lines.slice(0, fact.pane_height).flatMap((line, index) => [`${ESC}[${index + 1};1H`, line, `${ESC}[0m`]),
    mode(fact.wrap_flag, '?7'),
    mode(fact.insert_flag, '4'),
    mode(fact.keypad_cursor_flag, '?1'),
    fact.keypad_flag ? `${ESC}=` : `${ESC}>`,
    mode(fact.mouse_standard_flag, '?1000'),
    mode(fact.mouse_button_flag, '?1002'),
    mode(fact.mouse_all_flag, '?1003'),
    mode(fact.mouse_utf8_flag, '?1005'),
    mode(fact.mouse_sgr_flag, '?1006'),
    `${ESC}[${fact.scroll_region_upper + 1};${fact.scroll_region_lower + 1}r`,
    mode(fact.origin_flag, '?6'),
    `${ESC}[${fact.cursor_y + 1 - (fact.origin_flag ? fact.scroll_region_upper : 0)};${fact.cursor_x + 1}H`,
    mode(fact.cursor_flag, '?25'),
  ];
  const pending = (blocks[2]?.lines() ?? []).map((line) => unescapeOutput(line, 0));
  return Buffer.concat([...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)), ...pending]);
};

export const paintable = (reply: Reply, pane: string): Result<Buffer> => {
  const result = outputs(reply, pane);
  if (!result.ok) return result;
  return result.value.length < 3 ? gone(pane) : ok(repaint(result.value.slice(-3)));
};
