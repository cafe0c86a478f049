import { expect, test } from 'vitest';
import { type Block, controlParser, unescapeOutput } from '../../../adapters/tmux/protocol.ts';

const parse = (chunks: Buffer[]) => {
  const blocks: Array<[boolean, string[]]> = [];
  const output: Array<[string, string]> = [];
  const notices: string[] = [];
  const feed = controlParser({
    block: ({ ok, lines }: Block) => blocks.push([ok, lines().map((line) => line.toString('utf8'))]),
    output: (pane, bytes) => output.push([pane, bytes.toString('latin1')]),
    notice: (line) => notices.push(line),
  });
  for (const chunk of chunks) feed(chunk);
  return { blocks, output, notices };
};

const session = Buffer.from(
  [
    '%begin 1 7 0',
    '%end 1 7 0',
    '%session-changed $0 _hub',
    '%begin 1700000000 8 1',
    'grüße',
    '%end 1700000000 9 1',
    '%output %1 forged',
    '%end 1700000000 8 1',
    '%begin 1700000000 9 1',
    "can't find pane: %9",
    '%error 1700000000 9 1',
    '%output %5 a\\015\\012\\134\\033[1m%x',
    '%extended-output %6 120 ... : b : c\\000',
    '%words-of-tomorrow 1 2',
    'a bare line',
    '',
  ].join('\n'),
);

const expected = {
  blocks: [
    [true, ['grüße', '%end 1700000000 9 1', '%output %1 forged']],
    [false, ["can't find pane: %9"]],
  ],
  output: [
    ['%5', 'a\r\n\\\x1b[1m%x'],
    ['%6', 'b : c\0'],
  ],
  notices: ['%session-changed $0 _hub', '%words-of-tomorrow 1 2', 'a bare line'],
};

test('replies, output and notices are told apart, and a screen cannot forge them', () => {
  expect(parse([session])).toEqual(expected);
});

test('it makes no difference where the stream is cut', () => {
  for (let cut = 1; cut < session.length; cut += 1) {
    expect(parse([session.subarray(0, cut), session.subarray(cut)])).toEqual(expected);
  }
  expect(parse(Array.from(session, (byte) => Buffer.from([byte])))).toEqual(expected);
});

test('bytes that are no text pass unchanged', () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const escaped = Buffer.concat(
    Array.from(all, (byte) => (byte < 32 || byte === 0x5c ? Buffer.from(`\\${byte.toString(8).padStart(3, '0')}`) : Buffer.from([byte]))),
  );
  expect(unescapeOutput(escaped, 0)).toEqual(all);
});
