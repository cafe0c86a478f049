/** The environment of the process, as the commands are given it. */
export type Env = Readonly<Record<string, string | undefined>>;
