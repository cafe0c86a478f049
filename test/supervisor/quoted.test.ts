/** A path of ours in a line of sh: whatever a home is called, it is one word. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { quoted } from '../../src/supervisor/install.ts';

test.each(['plain', "it's", '$(id)', '`id`', 'a b\tc', 'line\nend', '"', '\\', '* ? ~', ';|&<>', 'ü 😀', ''])('%j is one word', (text) => {
  expect(execFileSync('sh', ['-c', `printf '<%s>' ${quoted(text)} end`], { encoding: 'utf8' })).toBe(`<${text}><end>`);
});
