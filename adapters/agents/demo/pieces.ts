/** The small programs the demo agent can write, each with its test. */
type Piece = { name: string; code: string; test: string };

const roman: Piece = {
  name: 'roman',
  code: `const parts = [
  [1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'],
  [100, 'C'], [90, 'XC'], [50, 'L'], [40, 'XL'],
  [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I'],
];

/** 1 to 3999 as a Roman numeral. */
export const toRoman = (number) => {
  let rest = number;
  let text = '';
  for (const [value, letters] of parts) {
    while (rest >= value) {
      text += letters;
      rest -= value;
    }
  }
  return text;
};
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRoman } from './roman.mjs';

test('small numbers', () => assert.equal(toRoman(4), 'IV'));
test('a year', () => assert.equal(toRoman(2026), 'MMXXVI'));
test('the largest', () => assert.equal(toRoman(3999), 'MMMCMXCIX'));
`,
};

const plural: Piece = {
  name: 'duration',
  code: `const units = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Seconds as words: the two largest units that say something. */
export const inWords = (seconds) => {
  const words = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(\`\${count} \${name}\${count === 1 ? '' : 's'}\`);
  }
  return words.slice(0, 2).join(' ') || '0 seconds';
};
`,
  test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords } from './duration.mjs';

test('nothing', () => assert.equal(inWords(0), '0 seconds'));
test('one of each', () => assert.equal(inWords(3661), '1 hour 1 minute'));
test('a long time', () => assert.equal(inWords(200_000), '2 days 7 hours'));
`,
};

export const pieces: readonly [Piece, ...Piece[]] = [roman, plural];
