/** What we need from a terminal multiplexer. The real one is `adapters/tmux`; a fake passes the same contract suite. */
import type { Result } from '../errors.ts';

/**
 * One life of the terminal server: `<pid>:<start time of that pid>`. A pane id means nothing outside the generation
 * that made it, so every stored reference carries it.
 */
export type Generation = string;

/** Where a program lives. Ids are tmux's own (`@3`, `%5`); `pid` and `pidStart` name the pane's process beyond reuse of its number. */
export type PaneRef = { generation: Generation; window: string; pane: string; pid: number; pidStart: string };

/** How a pane's program ended. `code` and `signal` are both null when nobody can tell: that is "unknown", never success. */
export type PaneExit = { code: number | null; signal: number | null };

/** One of our windows as it stands now. */
export type PaneFact = PaneRef & {
  /** The key the launch was made under (see {@link LaunchSpec.key}). */
  key: string;
  session: string;
  title: string;
  dead: boolean;
  /** Set when dead. */
  exit: PaneExit | null;
};

export type LaunchSpec = {
  /** Names this launch for ever: launching twice under one key in one generation gives the same pane, not a second program. */
  key: string;
  /** Session name, one per project; made when absent. `[a-z0-9-]{1,40}`. */
  session: string;
  /** Window name shown to a person: any text; control characters go, 60 characters stay. */
  title: string;
  /** Absolute path of the working folder. */
  cwd: string;
  /** Program and arguments, run without a shell. NUL is refused; everything else arrives byte for byte. */
  argv: string[];
  /** The program's whole environment (nothing is inherited). Values may be secret: they never reach any argv. */
  env: Record<string, string>;
  /** Columns and rows at birth. */
  size?: { cols: number; rows: number };
};

export type TerminalEvent =
  /** A pane's program ended. Sent once per pane, also for panes found dead at (re)connect. */
  | { type: 'exit'; pane: PaneRef; key: string; exit: PaneExit }
  /** A window of ours disappeared without an exit status (a person killed it). */
  | { type: 'gone'; pane: PaneRef; key: string }
  /** Title set by the program itself. */
  | { type: 'title'; pane: PaneRef; key: string; title: string }
  /** The server of this generation is dead; every pane of it is gone. */
  | { type: 'serverLost'; generation: Generation }
  /** Connected, first time or again: ask {@link Terminal.list} for what is true now. */
  | { type: 'connected'; generation: Generation };

/** All methods answer `CCM_TMUX_LOST` while disconnected (retry), `CCM_PANE_GONE` for a pane of another generation or a killed one. */
export interface Terminal {
  /** Starts the server if none runs, connects, and keeps connecting for as long as {@link close} is not called. */
  open(): Promise<Result<Generation>>;
  /** The current generation, or null while disconnected. */
  generation(): Generation | null;
  launch(spec: LaunchSpec): Promise<Result<PaneRef>>;
  /** Every window of ours, alive or dead. */
  list(): Promise<Result<PaneFact[]>>;
  /**
   * Types text as one bracketed paste, waits `settleMs`, then presses Enter when `submit`. The text is never expanded by a shell or a format.
   * `bracketed`: also where the program has not asked for brackets yet; else it gets the lines one by one then.
   */
  paste(pane: PaneRef, text: string, options: { submit: boolean; settleMs: number; bracketed?: true }): Promise<Result<void>>;
  /** Presses named keys (`Enter`, `Escape`, `C-c`, `1`). */
  keys(pane: PaneRef, keys: readonly string[]): Promise<Result<void>>;
  /** Raw bytes as a person typed them in the browser. */
  type(pane: PaneRef, bytes: Uint8Array): Promise<Result<void>>;
  /** The visible screen plus `history` lines above it (0 = none). With `styled`, SGR sequences are kept. Trailing blank lines are dropped. */
  capture(pane: PaneRef, options?: { history?: number; styled?: boolean }): Promise<Result<string>>;
  /**
   * Live output of one pane. `start` gets a repaint of the present screen (bytes a terminal can draw) and everything after it without a gap or a double.
   * Nobody watching = the server sends nothing for that pane. `pause`/`resume` are back-pressure; after a pause the screen is repainted.
   */
  watch(pane: PaneRef, onBytes: (bytes: Uint8Array) => void): Promise<Result<PaneWatch>>;
  resize(pane: PaneRef, cols: number, rows: number): Promise<Result<void>>;
  /** Ends the window and what runs in it (SIGHUP). Killing a window that is gone is fine. */
  kill(pane: PaneRef): Promise<Result<void>>;
  /** The pids below (and with) the pane's process, leaves first: collected before a kill so that no grandchild survives. */
  descendants(pane: PaneRef): Promise<Result<number[]>>;
  /** What a person runs to look at the pane in their own terminal. */
  attachCommand(pane: PaneRef): string[];
  on(listener: (event: TerminalEvent) => void): () => void;
  /** Ends the server and everything in it. */
  killServer(): Promise<Result<void>>;
  /** Disconnects and leaves the server with its agents running. */
  close(): Promise<void>;
}

export type PaneWatch = { pause(): void; resume(): void; close(): void };
