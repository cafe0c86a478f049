/** xterm.js behind a small face: bytes in, typed bytes out, and style elements that carry the page's nonce. */
import { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import { toBase64 } from './base64.ts';
import { underPolicy } from './policy.ts';

export type Screen = {
  size(): { cols: number; rows: number };
  clear(): void;
  /** Text with newlines only, from its beginning. */
  show(text: string): void;
  /** `drawn` is called when the bytes are on the screen: that is what back-pressure counts. */
  write(bytes: Uint8Array, drawn: () => void): void;
  onType(listener: (base64: string) => void): void;
  onResize(listener: (cols: number, rows: number) => void): void;
  setTyping(may: boolean): void;
  /** Selects the next place of the words, upwards from the newest; false when there is none, or nothing to search with could be fetched. */
  find(words: string, back: boolean): Promise<boolean>;
  focus(): void;
  close(): void;
};

// A terminal is dark in both themes: programs choose their colours for that.
const theme = {
  background: '#0b0e12',
  foreground: '#dfe5ec',
  cursor: '#62a6ff',
  selectionBackground: '#2b4a75',
  black: '#20262e',
  brightBlack: '#8592a3',
};

/** @param leave the person pressed the keys that lock the terminal. */
export const openScreen = (host: HTMLElement, leave: () => void): Screen => {
  const terminal = new Terminal({
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 13,
    scrollback: 5000,
    disableStdin: true,
    // Programs choose colours for some other background than ours.
    minimumContrastRatio: 4.5,
    cursorInactiveStyle: 'outline',
    // What a program calls a link may lead anywhere: its text is shown, and leads nowhere.
    linkHandler: { activate: () => undefined },
    theme,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  /** Fetched when somebody searches: most never do. */
  let search: SearchAddon | null = null;
  underPolicy(() => terminal.open(host));
  terminal.textarea?.setAttribute('tabindex', '-1');
  terminal.textarea?.setAttribute('aria-label', 'Terminal input');
  terminal.attachCustomKeyEventHandler((event) => {
    const leaving = event.ctrlKey && event.shiftKey && (event.key === 'Escape' || event.key.toLowerCase() === 'l');
    if (leaving && event.type === 'keydown') {
      event.preventDefault();
      leave();
    }
    return !leaving;
  });
  const refit = (): void => {
    if (host.clientWidth > 40 && host.clientHeight > 40) fit.fit();
  };
  refit();
  const watch = new ResizeObserver(refit);
  watch.observe(host);
  return {
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    clear: () => terminal.reset(),
    show: (text) => {
      terminal.options.convertEol = true;
      terminal.options.cursorInactiveStyle = 'none';
      terminal.write(text);
    },
    write: (bytes, drawn) => terminal.write(bytes, drawn),
    onType: (listener) => {
      terminal.onData((text) => listener(toBase64(new TextEncoder().encode(text))));
      terminal.onBinary((text) => listener(toBase64(Uint8Array.from(text, (c) => c.charCodeAt(0)))));
    },
    onResize: (listener) => void terminal.onResize(({ cols, rows }) => listener(cols, rows)),
    setTyping: (may) => {
      terminal.options.disableStdin = !may;
      terminal.options.cursorBlink = may;
      if (!may) terminal.blur();
    },
    find: async (words, back) => {
      const fetched = search === null ? (await import('@xterm/addon-search').catch(() => null))?.SearchAddon : null;
      // Two keys of one word may both have fetched it.
      if (fetched && search === null) {
        search = new fetched();
        terminal.loadAddon(search);
      }
      if (search === null) return false;
      if (words !== '') return back ? search.findNext(words) : search.findPrevious(words);
      search.clearDecorations();
      return true;
    },
    focus: () => terminal.focus(),
    close: () => {
      watch.disconnect();
      terminal.dispose();
    },
  };
};
