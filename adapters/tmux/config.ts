/** What our tmux server is told at birth, and again at every connect (a person may have changed it, or an older version started it). */

/** Never a legal project session: the port's names have no underscore. */
export const HUB = '_hub';
/** First window of a new session, so that a program's environment never becomes the session's. In the hub it stays, and rings (below). */
export const KEEPER = '_keep';
/**
 * Traps: `window-size manual` set globally kills tmux 3.3a at the first new window. What a hook does itself is not notified, and what it
 * prints goes to any client there is (a view over a person's window); `run-shell -bC` runs its command outside of the hook, so that
 * the rename of the keeper, which nobody looks at, reaches us as `%window-renamed` at once. `-q` keeps a tmux that does not know an
 * option quiet (allow-passthrough came with 3.3).
 */
export const settings: readonly string[] = [
  'set-option -qs exit-empty off',
  // The message log keeps whole commands: prompts and secrets, for anyone who can reach the socket.
  'set-option -qs message-limit 0',
  'set-option -qs escape-time 0',
  'set-option -qs set-clipboard off',
  'set-option -qs default-terminal tmux-256color',
  'set-option -qs buffer-limit 500',
  'set-option -qg default-shell /bin/sh',
  "set-option -qg default-command ''",
  'set-option -qg status off',
  'set-option -qg history-limit 10000',
  'set-option -qg destroy-unattached off',
  'set-option -qg bell-action none',
  "set-option -qg update-environment ''",
  'set-window-option -qg remain-on-exit on',
  "set-window-option -qg remain-on-exit-format ''",
  'set-window-option -qg allow-passthrough off',
  'set-window-option -qg allow-rename off',
  'set-window-option -qg automatic-rename off',
  'set-window-option -qg window-size latest',
  `set-hook -g pane-died "run-shell -b -C \\"rename-window -t '=${HUB}:=${KEEPER}' ${KEEPER}\\""`,
];

export const configText = (): string => `${settings.join('\n')}\n`;
