import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/services/text.ts';

const ESC = '\u001b';

describe('cleanText', () => {
  it.each([
    ['plain', 'Fix it\n\twith tabs', 'Fix it\n\twith tabs', null],
    ['line ends', 'a\r\nb\rc', 'a\nb\nc', null],
    ['colours of a terminal', `${ESC}[31mred${ESC}[0m`, 'red', '9 control characters were taken out of the prompt.'],
    ['the end of a bracketed paste', `x${ESC}[201~rm -rf ~\n`, 'xrm -rf ~\n', '6 control characters were taken out of the prompt.'],
    ['a title for the window', `${ESC}]0;owned\u0007text`, 'text', '10 control characters were taken out of the prompt.'],
    ['Ctrl-C and DEL', 'a\u0003b\u007fc\u0085d', 'abcd', '3 control characters were taken out of the prompt.'],
    ['right-to-left marks', 'שלום\u200f (a)', 'שלום\u200f (a)', null],
    ['half a character', 'a\ud800b', 'a\ufffdb', null],
    ['emoji', '👩‍👩‍👧 ok', '👩‍👩‍👧 ok', null],
  ])('%s', (_what, raw, text, note) => {
    expect(cleanText(raw, 'prompt')).toEqual({ ok: true, value: { text, note } });
  });

  it.each([
    ['', 'CCM_BAD_INPUT'],
    [' \n\t ', 'CCM_BAD_INPUT'],
    [`${ESC}[31m${ESC}[0m`, 'CCM_BAD_INPUT'],
    ['a\0b', 'CCM_BAD_INPUT'],
    ['x'.repeat(1024 * 1024 + 1), 'CCM_TOO_LARGE'],
  ])('refuses %j', (raw, code) => {
    expect(cleanText(raw, 'text')).toMatchObject({ ok: false, problem: { code, extra: { field: 'text' } } });
  });
});
