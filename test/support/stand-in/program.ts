/** The program itself: a box that takes text, turns one after the other, and the ways to end it. */
import { faultIn } from './faults.ts';
import type { Input } from './keys.ts';
import { writeNote } from './notes.ts';
import { playTurn, type TurnParts } from './turn.ts';

/** Two Ctrl-C within this time end it. */
const TWICE_MS = 1_000;
/** Longer pastes reach the model in a wrapper. */
const WRAPPED_LINES = 50;

export const standIn = (parts: TurnParts, leave: (reason: string, code: number) => void) => {
  const { stage, notes } = parts;
  const { face, redraw } = stage;
  const queue: string[] = [];
  let turn: AbortController | null = null;
  let pastedAt = 0;
  let swallowed = 0;
  let ctrlC = 0;

  /** A dialog that nobody asked for covers the box for a while; to leave is what a blind Enter chooses. */
  const cover = (ms: number): void => {
    stage.show({ kind: 'menu', question: 'How is it going so far?', choices: ['Leave', 'Go on'], marked: 0 }, (input) => {
      if (input.type !== 'key' || input.key !== 'Enter') return;
      writeNote(notes, { type: 'blind', text: face.box });
      leave('other', 1);
    });
    setTimeout(stage.close, ms);
  };

  const begin = async (prompt: string): Promise<void> => {
    turn = new AbortController();
    face.busy = true;
    face.title = faultIn(prompt, 'lie')?.text ?? '✳ Stand-in';
    stage.say(`❯ ${prompt.slice(0, 300)}`);
    writeNote(notes, { type: 'taken', text: prompt });
    const end = await playTurn(prompt, parts, turn.signal);
    turn = null;
    face.busy = false;
    if (end === 'undone') face.box = prompt;
    const draft = faultIn(prompt, 'draft');
    if (draft) {
      face.box = 'words of a person who was called away';
      setTimeout(() => ((face.box = ''), redraw()), draft.ms);
    }
    const after = faultIn(prompt, 'after-dialog');
    if (after) cover(after.ms);
    redraw();
    const next = queue.shift();
    if (next !== undefined) void begin(next);
  };

  const enter = (): void => {
    const text = face.box;
    if (text.trim() === '') return;
    if (swallowed < (faultIn(text, 'swallow')?.ms ?? 0)) {
      swallowed += 1;
      return;
    }
    if (performance.now() - pastedAt < (faultIn(text, 'debounce')?.ms ?? 0)) {
      face.box += '\n';
      return redraw();
    }
    swallowed = 0;
    face.box = '';
    const command = text.trim();
    if (/^\/(?:exit|quit)\b/u.test(command)) return leave('prompt_input_exit', 0);
    if (/^[/!#]/u.test(command)) return stage.say(`${command.slice(0, 40)}: run as a command`);
    const lines = text.split('\n').length;
    const prompt = lines > WRAPPED_LINES ? `<pasted_content id="1">\n${text}\n</pasted_content>` : text;
    if (turn) queue.push(prompt);
    else void begin(prompt);
    return redraw();
  };

  const interrupt = (): void => {
    if (turn) return turn.abort();
    const now = performance.now();
    if (face.box !== '') face.box = '';
    else if (now - ctrlC < TWICE_MS) return leave('prompt_input_exit', 0);
    else ctrlC = now;
    redraw();
  };

  return {
    cover,
    take(input: Input): void {
      // What is pasted goes into the box, whatever stands before it.
      if (input.type === 'paste') {
        face.box += input.text;
        pastedAt = performance.now();
        swallowed = 0;
        const dialog = faultIn(input.text, 'dialog');
        if (dialog) cover(dialog.ms);
        return redraw();
      }
      if (stage.pressed(input)) return undefined;
      if (input.type === 'text') {
        face.box += input.text;
        return redraw();
      }
      if (input.key === 'Enter') return enter();
      if (input.key === 'C-c') return interrupt();
      return input.key === 'Escape' && turn ? turn.abort() : undefined;
    },
  };
};
