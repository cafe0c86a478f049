/**
 * Does the time of an answer tell how much of a guessed token is right? Guesses that share all but three characters with a real token are timed
 * against guesses that share nothing, in turns, in many blocks; a sign test over the blocks says whether one kind is slower. The same measurement is
 * made of a comparison that stops at the first wrong character, which it must see: a measurement that sees nothing proves nothing.
 */
import { tokenDesk } from '../../src/api/auth/tokens.ts';
import { median } from '../bench/measure.ts';
import { seededRandom } from '../support/seeded.ts';
import { tempStore } from '../support/temp-store.ts';
import { type Campaign, ledger } from './report.ts';

const BLOCKS = 101;
const PAIRS = 400;

type Found = { blocks: number; slower: number; differenceNs: number; medianNs: number };

/** `slower`: blocks in which the near guess took longer. */
const measure = (guess: (text: string) => unknown, near: () => string, far: () => string): Found => {
  const time = (text: string): number => {
    const began = process.hrtime.bigint();
    guess(text);
    return Number(process.hrtime.bigint() - began);
  };
  const differences: number[] = [];
  const all: number[] = [];
  for (let block = -3; block < BLOCKS; block += 1) {
    const [nears, fars] = [new Array<number>(), new Array<number>()];
    for (let i = 0; i < PAIRS; i += 1) {
      // Others each time: which row of the index a hash lies beside is a matter of luck.
      const [a, b] = [near(), far()];
      // In turns, and each first as often as the other.
      if (i % 2 === 0) {
        nears.push(time(a));
        fars.push(time(b));
      } else {
        fars.push(time(b));
        nears.push(time(a));
      }
    }
    // The first blocks warm up.
    if (block < 0) continue;
    differences.push(median(nears) - median(fars));
    all.push(median(fars));
  }
  const told = differences.filter((one) => one !== 0);
  return {
    blocks: told.length,
    slower: told.filter((one) => one > 0).length,
    differenceNs: median(differences),
    medianNs: median(all),
  };
};

/** In how many standard deviations the sign test is away from "no difference". */
const away = ({ blocks, slower }: Found): number => (blocks === 0 ? 0 : Math.abs(slower - blocks / 2) / (Math.sqrt(blocks) / 2));

/** Six are once in five hundred million by chance; a machine that favours one kind by less than a hundredth tells nobody a character. */
const seen = (found: Found): boolean => away(found) > 6 && Math.abs(found.differenceNs) > found.medianNs / 100;

const words = (found: Found): string =>
  `${found.slower} of ${found.blocks} blocks slower, difference ${found.differenceNs.toFixed(0)} ns of ${found.medianNs.toFixed(0)}, ${away(found).toFixed(1)} standard deviations`;

export const runTimingCampaign: Campaign = async ({ seed }) => {
  const book = ledger('timing');
  const random = seededRandom(seed);
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';
  const text = (length: number): string => Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
  const place = tempStore();
  const store = place.open();
  try {
    const clock = { now: () => 1, awake: () => 1, after: () => () => undefined };
    let ids = 0;
    const desk = tokenDesk({
      tokens: store.tokens,
      clock,
      ids: { next: () => `t${(ids += 1)}` },
      random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)),
    });
    for (let i = 0; i < 50; i += 1) desk.issue({ name: `n${i}`, kind: 'api', scopes: ['read'] });
    const { secret } = desk.issue({ name: 'one', kind: 'api', scopes: ['admin'] });
    const near = (): string => `${secret.slice(0, -3)}${text(3)}`;
    const far = (): string => `ccm_${text(secret.length - 7)}${text(3)}`;
    await book.check('guesses that are right but for three characters take as long as others', async () => {
      const found = measure((guess) => desk.recognise(guess), near, far);
      if (seen(found)) throw new Error(words(found));
      return words(found);
    });
    await book.check('the same measurement sees a comparison that stops at the first wrong character', async () => {
      const stops = (guess: string): boolean => {
        for (let i = 0; i < secret.length; i += 1) if (guess[i] !== secret[i]) return false;
        return true;
      };
      const found = measure(stops, near, far);
      if (!seen(found)) throw new Error(`not seen: ${words(found)}`);
      return words(found);
    });
  } finally {
    place.remove();
  }
  return book.report;
};
