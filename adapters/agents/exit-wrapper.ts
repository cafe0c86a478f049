/**
 * A few lines of sh between the terminal and the agent's program: they outlive our daemon, and tmux may lose an exit status.
 * `sh <script> <result file> <input file or -> <program> [argument…]` runs the program and leaves `{code, signal, endedAt}`.
 *
 * - The program stays in the wrapper's own process group, which is the terminal's foreground group: Ctrl-C and resizes reach it directly.
 * - TERM, HUP, USR1 and USR2 sent to the wrapper alone are passed on; INT and QUIT are not, a key press already reached the program.
 * - sh starts background programs with nothing on standard input (hence descriptor 3) and with INT and QUIT ignored, and only `env --default-signal` (coreutils 8.31) undoes that. Without it
 *   (macOS, busybox) the program runs in the foreground: everything holds but the passing on, which then waits for its end.
 * - sh shows a death by signal as 128+n. Only 129…143 are read so: the numbers above are real codes of real programs (Gemini ends with
 *   the HTTP status modulo 256: 400 gives 144).
 */
export const exitWrapper = `#!/bin/sh
result=$1 input=$2
shift 2
if [ "$input" != - ]; then
  exec <"$input" || exit 126
  rm -f -- "$input"
fi
status= heard= child=
pass() { heard=1; [ -z "$child" ] || kill -s "$1" "$child" 2>/dev/null; }
trap 'heard=1' INT QUIT
for name in TERM HUP USR1 USR2; do trap "pass $name" "$name"; done
if /usr/bin/env --default-signal=INT,QUIT true 2>/dev/null; then
  exec 3<&0
  /usr/bin/env --default-signal=INT,QUIT /bin/sh -c 'exec "$@"' sh "$@" <&3 3<&- &
  child=$!
  exec 3<&-
  while :; do
    wait "$child"
    now=$?
    # 127 on a second look: the first one had the status already.
    [ "$now" -eq 127 ] && [ -n "$status" ] || status=$now
    [ -n "$heard" ] || break
    heard=
  done
else
  "$@"
  status=$?
fi
trap '' TERM HUP INT QUIT USR1 USR2
code=$status signal=null
if [ "$status" -gt 128 ] && [ "$status" -le 143 ]; then
  code=null signal=$((status - 128))
fi
umask 077
printf '{"code":%s,"signal":%s,"endedAt":%s000}\\n' "$code" "$signal" "$(date +%s)" >"$result.$$" && mv -f -- "$result.$$" "$result"
exit "$status"
`;
