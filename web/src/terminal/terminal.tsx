/** A window of tmux in the page. Locked until the person unlocks it: what is typed goes to a program that acts. */
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { stale } from '../store/home.ts';
import { wire } from '../store/wire.ts';
import { openScreen, type Screen } from './screen.ts';

export type TerminalProps = {
  agent: string;
  /** Command that shows the same window in one's own terminal. */
  attach: readonly string[];
  /** The page looks at the past: no keys. */
  frozen: boolean;
  /** Text to show instead of a live window. */
  saved: string | null;
};

export const Terminal = ({ agent, attach, frozen, saved }: TerminalProps) => {
  const host = useRef<HTMLDivElement>(null);
  const lock = useRef<HTMLButtonElement>(null);
  const screen = useRef<Screen | null>(null);
  const [locked, setLocked] = useState(true);
  const [missed, setMissed] = useState(false);
  const [ended, setEnded] = useState<string | null>(null);
  const find = async (words: string, back: boolean): Promise<void> => setMissed((await screen.current?.find(words, back)) === false);
  const mayType = saved === null && !locked && !frozen && !stale.value && ended === null;

  useEffect(() => {
    if (!host.current) return undefined;
    const leave = (): void => {
      setLocked(true);
      lock.current?.focus();
    };
    const opened = openScreen(host.current, leave);
    screen.current = opened;
    if (saved !== null) {
      opened.show(saved);
      return () => opened.close();
    }
    const watch = wire.watch(agent, opened.size(), {
      began: () => {
        setEnded(null);
        opened.clear();
      },
      bytes: (data) => opened.write(data, () => watch.ack(data.length)),
      ended: setEnded,
    });
    opened.onType((bytes) => watch.input(bytes));
    opened.onResize((cols, rows) => watch.resize(cols, rows));
    return () => {
      watch.close();
      opened.close();
    };
  }, [agent, saved]);
  useEffect(() => screen.current?.setTyping(mayType), [mayType]);

  const status =
    saved !== null ? 'saved screen, the program has ended' : ended !== null ? `closed: ${ended}` : frozen ? 'frozen in the past' : '';
  return (
    <div class={`terminal${mayType ? ' typing' : ''}`}>
      <div class="panel-head">
        <h2>Terminal</h2>
        <span class="dim terminal-status" role="status">
          {status || (mayType ? 'your keys go to the agent; Ctrl Shift L leaves' : '')}
        </span>
        <input
          type="search"
          class={`terminal-search${missed ? ' missed' : ''}`}
          aria-label="Search the terminal"
          aria-invalid={missed}
          placeholder="Search"
          onInput={(event) => void find(event.currentTarget.value, false)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void find(event.currentTarget.value, event.shiftKey);
          }}
        />
        {attach.length > 0 && (
          <button
            type="button"
            class="plain copy-attach"
            title={attach.join(' ')}
            onClick={() => void navigator.clipboard?.writeText(attach.join(' '))}
          >
            Copy attach command
          </button>
        )}
        {saved === null && (
          <button
            type="button"
            ref={lock}
            data-key="t"
            aria-pressed={mayType}
            disabled={frozen || stale.value || ended !== null}
            onClick={() => {
              setLocked(!locked);
              if (locked) queueMicrotask(() => screen.current?.focus());
            }}
          >
            <svg class="lock" viewBox="0 0 16 16" aria-hidden="true">
              <path d={mayType ? 'M5 7V4.5a3 3 0 0 1 5.8-1' : 'M5 7V4.5a3 3 0 0 1 6 0V7'} />
              <rect x="3" y="7" width="10" height="7" rx="1.5" />
            </svg>
            {mayType ? 'Unlocked' : 'Locked'}
          </button>
        )}
      </div>
      <div class="terminal-host" ref={host} />
    </div>
  );
};
