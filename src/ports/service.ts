/** What starts the daemon at boot and after a crash: systemd's user manager or launchd. The real ones are in `adapters/service`. */
import type { Result } from '../errors.ts';

export type ServiceSpec = {
  /** Absolute path of the home. */
  home: string;
  /** CCM_HOME must be said, since it is not where the system would put it. */
  ownHome: boolean;
  /** Absolute paths of Node and of the command line's entry. */
  node: string;
  cli: string;
  /** The loopback port whose door the service manager holds. */
  port: number;
  /** PATH of the daemon and so of the agents: folders, absolute, no two alike. */
  path: string;
  /** More of the daemon's environment, by name. */
  env: Readonly<Record<string, string>>;
};

export type UnitFile = { path: string; text: string };

/** All that an install does, in words and in full, before it is done. */
export type ServicePlan = { name: string; files: readonly UnitFile[]; commands: readonly string[]; enabled: string };

export type ServiceFacts = {
  manager: 'systemd' | 'launchd';
  name: string;
  installed: boolean;
  /** Starts by itself; null when that cannot be told. */
  enabled: boolean | null;
  /** The manager's own word: `active`, `failed`, `inactive`, `activating` … */
  state: string;
  pid: number | null;
  /** Times it was started again since the last start by hand; null when not counted. */
  restarts: number | null;
  /** What the daemon says of itself, or why it ended. */
  says: string | null;
  /** systemd: starts without a login, and stays after a logout. Null where there is no such thing. */
  linger: boolean | null;
  files: readonly string[];
  /** An installed file is not what an install would write now: another version, another Node, changed by hand. */
  outdated: boolean;
};

export type Service = {
  /** Files of ours that are there now. Looked up without asking the manager. */
  installed(): string[];
  plan(spec: ServiceSpec): Result<ServicePlan>;
  /** Writes, enables and starts; waits until the daemon is ready. CCM_SERVICE_UNAVAILABLE, CCM_SERVICE_FAILED. */
  install(spec: ServiceSpec): Promise<Result<ServicePlan>>;
  /** Stops it and removes every file of ours; agents go on. Returns the files removed (none: it was not installed). */
  uninstall(): Promise<Result<string[]>>;
  /** `spec` tells whether what is installed is what an install would write. */
  facts(spec?: ServiceSpec): Promise<Result<ServiceFacts>>;
  start(): Promise<Result<void>>;
  /** The daemon alone: systemd holds its door meanwhile, launchd cannot. */
  restart(): Promise<Result<void>>;
  /** Stops daemon and door, and no restart follows. */
  stop(): Promise<Result<void>>;
};
