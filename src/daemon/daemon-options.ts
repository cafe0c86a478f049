/** What a daemon is started with, and what it is to whoever started it. */
export type DaemonOptions = {
  /** Absolute path of the home. */
  home: string;
  /** Overrides config.toml and CCM_PORT. */
  port?: number | undefined;
  /** Log to standard error instead of `log`. */
  foreground: boolean;
  /** Absolute path of the log file, or undefined for the home's. */
  log?: string | undefined;
  /** File numbers of sockets that listen already, handed over by the daemon before us. Default: those of the service manager. */
  sockets?: readonly number[] | undefined;
  /** Resolves when the daemon before us has let go of the home. Asked for once we know that we could start. */
  turn?: (() => Promise<void>) | undefined;
  /** Standard error is the system's journal: warnings and errors are said there too. */
  journal?: boolean | undefined;
};

export type Daemon = {
  url: string;
  /** A fresh one-time link for the browser. */
  link(): Promise<string>;
  stop(): Promise<void>;
  /** Resolves when it begins to end, whoever asked for it: with the process that takes over, or null. */
  left: Promise<number | null>;
  /** A demo project and task were made just now. */
  firstRun: boolean;
};
