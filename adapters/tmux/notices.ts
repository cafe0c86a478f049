/** tmux's notifications: which ones mean "look again", and which carry their news themselves. Unknown words are ignored. */
/** tmux looks at these once a second and tells changes: the safety net under the hook, which a lost SIGCHLD keeps silent. */
export const subscriptions: readonly string[] = [
  "refresh-client -B 'ccm-dead:%*:#{pane_dead} #{pane_dead_status} #{pane_dead_signal} #{pane_pid}'",
  // The host's name is what tmux puts there before the program says anything.
  "refresh-client -B 'ccm-title:%*:#{?#{==:#{pane_title},#{host}},,#{pane_title}}'",
];

const structural = new Set([
  '%window-add',
  '%window-close',
  '%unlinked-window-add',
  '%unlinked-window-close',
  '%sessions-changed',
  '%session-changed',
  '%layout-change',
  // The pane-died hook rings by it.
  '%window-renamed',
]);

export type NoticeHandlers = {
  changed: () => void;
  stalled: (pane: string) => void;
  title: (pane: string, title: string) => void;
};

export const noticeReader = (on: NoticeHandlers): ((line: string) => void) => {
  return (line) => {
    const [word = '', first = ''] = line.split(' ', 2);
    if (structural.has(word)) return on.changed();
    if (word === '%pause') return on.stalled(first);
    if (word !== '%subscription-changed') return;
    if (first === 'ccm-dead') return on.changed();
    // `%subscription-changed ccm-title $0 @4 2 %4 : value`
    const [, pane, title] = /^%subscription-changed ccm-title \S+ \S+ \S+ (%\d+) : (.*)$/s.exec(line) ?? [];
    if (pane !== undefined && title !== undefined) on.title(pane, title);
  };
};
