/** The interactive face of the demo agent: a prompt line, pasted text, Escape to interrupt, `/exit` to leave. */
import { StringDecoder } from 'node:string_decoder';
import { bold, dim, say } from './stage.ts';
import { tell } from './tell.ts';
import { turn } from './work.ts';

const PASTE_BEGIN = '\u001b[200~';
const PASTE_END = '\u001b[201~';

/** Turns bytes of a terminal into what a person meant. A lone Escape is only known to be one when nothing follows it. */
const keyboard = (act: { text(part: string): void; enter(): void; escape(): void; cancel(): void; erase(): void }) => {
  const decoder = new StringDecoder('utf8');
  let held = '';
  let pasting = false;
  let waiting: NodeJS.Timeout | undefined;
  const take = (): void => {
    while (held !== '') {
      if (pasting) {
        const end = held.indexOf(PASTE_END);
        // The end mark may be cut in two: keep as much as could be its beginning.
        const ready = end === -1 ? Math.max(0, held.length - PASTE_END.length + 1) : end;
        act.text(held.slice(0, ready).replaceAll('\r', '\n'));
        held = held.slice(end === -1 ? ready : end + PASTE_END.length);
        if (end === -1) return;
        pasting = false;
      } else if (held.startsWith(PASTE_BEGIN)) {
        pasting = true;
        held = held.slice(PASTE_BEGIN.length);
      } else if (held.startsWith('\u001b')) {
        const sequence = /^(?:\[[0-?]*[ -/]*[@-~]|O.)/u.exec(held.slice(1))?.[0];
        if (sequence) held = held.slice(1 + sequence.length);
        else {
          waiting = setTimeout(() => {
            held = held.slice(1);
            act.escape();
            take();
          }, 60);
          return;
        }
      } else {
        const key = held.slice(0, 1);
        held = held.slice(1);
        if (key === '\r' || key === '\n') act.enter();
        else if (key === '\u0003') act.cancel();
        else if (key === '\u007f' || key === '\b') act.erase();
        else if (key >= ' ') act.text(key);
      }
    }
  };
  return (bytes: Buffer): void => {
    clearTimeout(waiting);
    held += decoder.write(bytes);
    take();
  };
};

/** Runs until `/exit` or a second Ctrl-C. `first` is a prompt that came with the start. Resolves with the exit status. */
export const chat = (first: string | null): Promise<number> =>
  new Promise((resolve) => {
    let typed = '';
    let turns = 0;
    let cancels = 0;
    let running: AbortController | undefined;
    const waiting: string[] = [];

    const prompt = (): void => {
      process.stdout.write(`\n${bold('›')} `);
    };
    const leave = (status: number): void => {
      process.stdout.write('\u001b[?2004l');
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
      process.stdin.pause();
      resolve(status);
    };
    const begin = async (text: string): Promise<void> => {
      running = new AbortController();
      turns += 1;
      say();
      await tell('busy');
      try {
        await turn(text, turns, running.signal);
      } catch (thrown) {
        if (!running.signal.aborted) throw thrown;
        say(`\n  ■ Interrupted. What shall I do instead?`);
      }
      running = undefined;
      const next = waiting.shift();
      if (next !== undefined) return begin(next);
      prompt();
    };
    const submit = (text: string): void => {
      if (text.trim() === '/exit') return leave(0);
      if (text.trim() === '') return prompt();
      if (running) {
        waiting.push(text);
        say(dim('  (queued)'));
      } else void begin(text);
    };

    process.stdin.on(
      'data',
      keyboard({
        text(part) {
          typed += part;
          cancels = 0;
          if (!running) process.stdout.write(part.replaceAll(/[^\P{Cc}\n]/gu, '').replaceAll('\n', '\n  '));
        },
        enter() {
          const text = typed;
          typed = '';
          process.stdout.write('\n');
          submit(text);
        },
        escape: () => running?.abort(),
        cancel() {
          if (running) return running.abort();
          cancels += 1;
          typed = '';
          if (cancels > 1) return leave(0);
          process.stdout.write(dim('\n  Press Ctrl-C again to exit'));
          prompt();
        },
        erase() {
          typed = Array.from(typed).slice(0, -1).join('');
          if (!running) process.stdout.write('\b \b');
        },
      }),
    );
    process.stdin.on('end', () => leave(0));
    process.on('SIGTERM', () => leave(143));
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    process.stdout.write('\u001b[?2004h');
    void tell('ready');
    if (first === null) prompt();
    else submit(first);
  });
