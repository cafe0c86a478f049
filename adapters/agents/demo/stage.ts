/** How the demo agent shows itself: plain lines, a spinner while it works, text that appears as if typed. */
import { setTimeout as pause } from 'node:timers/promises';

const frames = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏');
const tty = process.stdout.isTTY;
const styled = (code: string) => (text: string) => (tty ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = styled('1');
export const dim = styled('2');
export const green = styled('32');
export const red = styled('31');
const cyan = styled('36');

export const say = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};

/** Milliseconds of one beat of the show; everything is a multiple of it. */
const beat = (): number => {
  const given = Number(process.env['CCM_DEMO_PACE']);
  return Number.isFinite(given) && given >= 0 && process.env['CCM_DEMO_PACE'] ? given : 100;
};

/** Draws a spinner before `label` until `work` is over; then what came out of it. An aborted `signal` leaves no half-drawn line. */
export const spin = async <T>(label: string, work: Promise<T>, signal?: AbortSignal): Promise<T> => {
  let frame = 0;
  const draw = (): void => {
    if (!tty || signal?.aborted) return;
    // A label longer than the line would wrap, and every frame would leave one behind.
    const room = Math.max(10, (process.stdout.columns ?? 80) - 6);
    process.stdout.write(`\r\u001b[2K  ${cyan(frames[frame % frames.length] ?? '')} ${label.slice(0, room)}`);
    frame += 1;
  };
  draw();
  const timer = setInterval(draw, 80);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (tty) process.stdout.write('\r\u001b[2K');
  }
};

export const rest = async (beats: number, signal?: AbortSignal): Promise<void> => {
  await pause(beats * beat(), undefined, signal ? { signal } : {});
};

/** One visible step: spins for some beats and for as long as `work` takes, then a tick. */
export const step = async <T>(label: string, beats: number, signal: AbortSignal, work: () => Promise<T> | T): Promise<T> => {
  const both = Promise.all([work(), rest(beats, signal)]);
  const [value] = await spin(label, both, signal);
  say(`  ${green('✓')} ${label}`);
  return value;
};

/** Shows a text line by line. */
export const unroll = async (text: string, signal: AbortSignal): Promise<void> => {
  for (const line of text.trimEnd().split('\n')) {
    say(dim(`    │ ${line}`));
    await rest(0.6, signal);
  }
};

export const banner = (lines: readonly string[]): void => {
  const width = Math.max(...lines.map((line) => line.length)) + 2;
  say(`╭${'─'.repeat(width)}╮`);
  for (const line of lines) say(`│ ${bold(line.padEnd(width - 2))} │`);
  say(`╰${'─'.repeat(width)}╯`);
};
