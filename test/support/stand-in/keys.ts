/** Bytes of the terminal as what a person or a supervisor did: pastes in brackets, keys, text. */
import { StringDecoder } from 'node:string_decoder';

export type Key = 'Enter' | 'Escape' | 'C-c' | 'Up' | 'Down';
export type Input = { type: 'paste'; text: string } | { type: 'key'; key: Key } | { type: 'text'; text: string };

const START = '\x1b[200~';
const END = '\x1b[201~';
/** The rest of a sequence comes at once; an Escape that is one comes alone. */
const ALONE_MS = 20;

const keyed: ReadonlyArray<readonly [string, Key]> = [
  ['\x1b[A', 'Up'],
  ['\x1bOA', 'Up'],
  ['\x1b[B', 'Down'],
  ['\x1bOB', 'Down'],
  ['\r', 'Enter'],
  ['\n', 'Enter'],
  ['\x03', 'C-c'],
];

const special = ['\x1b', '\r', '\n', '\x03'];

export const keyReader = (take: (input: Input) => void): ((bytes: Buffer) => void) => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let alone: NodeJS.Timeout | undefined;

  /** Takes one thing off the front; false when more bytes are needed. */
  const step = (): boolean => {
    if (rest.startsWith(START)) {
      const end = rest.indexOf(END);
      if (end === -1) return false;
      take({ type: 'paste', text: rest.slice(START.length, end).replaceAll('\r', '\n') });
      rest = rest.slice(end + END.length);
      return rest !== '';
    }
    const known = keyed.find(([bytes]) => rest.startsWith(bytes));
    if (known) {
      rest = rest.slice(known[0].length);
      take({ type: 'key', key: known[1] });
      return rest !== '';
    }
    if (rest.startsWith('\x1b')) {
      if (rest.length === 1 || START.startsWith(rest)) {
        alone = setTimeout(() => {
          rest = rest.slice(1);
          take({ type: 'key', key: 'Escape' });
          takeAll();
        }, ALONE_MS);
        return false;
      }
      rest = rest.slice(1);
      take({ type: 'key', key: 'Escape' });
      return rest !== '';
    }
    const end = Math.min(...special.map((one) => (rest.includes(one) ? rest.indexOf(one) : rest.length)));
    const text = rest.slice(0, end);
    rest = rest.slice(text.length);
    take({ type: 'text', text });
    return rest !== '';
  };

  const takeAll = (): void => {
    for (let more = rest !== ''; more; more = step());
  };

  return (bytes) => {
    clearTimeout(alone);
    rest += decoder.write(bytes);
    takeAll();
  };
};
