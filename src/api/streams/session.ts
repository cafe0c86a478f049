/** One viewer on `/ws`: who it is, what it follows, what it watches. Knows frames, not sockets, so that tests can be the other side. */
import { type Problem, problemOf } from '../../errors.ts';
import type { Clock } from '../../ports/system.ts';
import type { Terminal } from '../../ports/terminal.ts';
import type { Runtime, Subscription } from '../../runtime/types.ts';
import type { Services } from '../../services/index.ts';
import { fromAgent } from '../auth/own-window.ts';
import { allows, type Principal } from '../auth/principal.ts';
import type { TokenDesk } from '../auth/tokens.ts';
import { type ClientFrame, clientFrame, closeCodes, type ServerFrame } from '../contract/socket.ts';
import { rowsFrame } from './rows-frame.ts';
import { watchTable } from './watches.ts';

/** A page that opened a socket says who it is at once. */
const authDeadlineMs = 5_000;
/** Unsent bytes at which the viewer is dropped: it reconnects and resumes from its last gseq. */
const maxBehindBytes = 8 * 1024 * 1024;
/** A mark older than this many steps is not caught up on: reading the lists anew is faster. */
const farBehind = 20_000;
const maxMistakes = 20;

export type Wire = {
  text: (frame: string) => void;
  bytes: (frame: Uint8Array) => void;
  /** Bytes handed over and not yet sent. */
  behind: () => number;
  close: (code: number, reason: string) => void;
};
export type SessionDeps = {
  services: Services;
  runtime: Runtime;
  terminal: Terminal;
  clock: Clock;
  desk: Pick<TokenDesk, 'recognise'>;
  onAuth: (principal: Principal) => boolean;
  /** The agent in whose window the viewer runs, or null. Asked once, when it first acts. */
  behind: () => Promise<string | null>;
  /** It tried to act from there. */
  onRefused: (principal: Principal, what: string, agent: string) => void;
};
export type Session = { receive(text: string): void; receiveBytes(): void; end(): void };

export const session = (wire: Wire, { services, runtime, terminal, clock, desk, onAuth, behind, onRefused }: SessionDeps): Session => {
  let principal: Principal | null = null;
  let subscription: Subscription | null = null;
  let mistakes = 0;
  let ended = false;
  let found: Promise<string | null> | null = null;

  const hangUp = (code: number, reason: string): void => {
    end();
    wire.close(code, reason);
  };
  const guard = (): boolean => {
    if (ended) return false;
    if (wire.behind() <= maxBehindBytes) return true;
    hangUp(closeCodes.tooSlow, 'too slow');
    return false;
  };
  const send = (frame: ServerFrame): void => {
    if (guard()) wire.text(JSON.stringify(frame));
  };
  const trouble = ({ code, detail }: Problem, channel?: number): void =>
    send({ type: 'error', code, detail, ...(channel === undefined ? {} : { channel }) });

  const watches = watchTable({
    terminal,
    resolve: services.resolve,
    sendBytes: (frame) => {
      if (guard()) wire.bytes(frame);
    },
    onClosed: (channel, reason) => send({ type: 'closed', channel, reason }),
  });
  const cancelDeadline = clock.after(authDeadlineMs, () => hangUp(closeCodes.authTimeout, 'no auth frame in time'));
  const end = (): void => {
    if (ended) return;
    ended = true;
    cancelDeadline();
    subscription?.close();
    watches.closeAll();
  };

  const authenticate = (frame: ClientFrame): void => {
    const found = frame.type === 'auth' ? desk.recognise(frame.token) : null;
    if (!found || !allows(found, 'read')) {
      trouble({ code: 'CCM_UNAUTHORIZED', detail: 'The first frame must be {"type":"auth","token":…} with a valid token.' });
      return hangUp(closeCodes.unauthorized, 'unauthorized');
    }
    cancelDeadline();
    principal = found;
    if (!onAuth(found)) return hangUp(closeCodes.tooSlow, 'too many viewers');
    send({ type: 'ready', head: services.actors.head(), user: { name: found.name, scopes: [...found.scopes] } });
  };

  const subscribe = (since: number | null): void => {
    subscription?.close();
    const head = services.actors.head();
    const old = since !== null && head - since > farBehind;
    subscription = runtime.feed.subscribe(
      old ? null : since,
      (rows) => {
        if (guard()) wire.text(rowsFrame(rows, (row) => services.actors.feedRow(row)));
      },
      () => send({ type: 'reset', head: services.actors.head() }),
    );
    if (old || subscription.compacted) send({ type: 'reset', head: subscription.head });
  };

  /** Frames that act on a window. */
  const act = (
    frame: Extract<ClientFrame, { channel: number }>,
    run: () => Promise<{ ok: true } | { ok: false; problem: Problem }>,
  ): void => {
    if (!principal || !allows(principal, 'act'))
      return trouble({ code: 'CCM_FORBIDDEN', detail: 'This token may look, and nothing else.' }, frame.channel);
    const who = principal;
    found ??= behind();
    // Typing answers whatever dialog stands in the window: a decision, if anything is.
    const allowed = async () => {
      const agent = await found;
      if (agent === null || agent === undefined) return run();
      onRefused(who, `socket ${frame.type}`, agent);
      return { ok: false as const, problem: fromAgent(agent) };
    };
    allowed().then(
      (result) => (result.ok ? undefined : trouble(result.problem, frame.channel)),
      (thrown: unknown) => trouble(problemOf(thrown), frame.channel),
    );
    return undefined;
  };

  const watch = (frame: Extract<ClientFrame, { type: 'watch' }>): void => {
    const { channel, agent, cols, rows } = frame;
    // Who may only look does not change the size of somebody's window.
    const size = cols !== undefined && rows !== undefined && principal && allows(principal, 'act') ? { cols, rows } : null;
    watches
      .open(channel, agent, size, () => send({ type: 'watching', channel, cols: size?.cols ?? 120, rows: size?.rows ?? 40 }))
      .then(
        (result) => (result.ok ? undefined : trouble(result.problem, channel)),
        (thrown: unknown) => trouble(problemOf(thrown), channel),
      );
  };

  const handle = (frame: ClientFrame): void => {
    switch (frame.type) {
      case 'auth':
        return trouble({ code: 'CCM_BAD_INPUT', detail: 'You are authenticated already.' });
      case 'subscribe':
        return subscribe(frame.since);
      case 'watch':
        return watch(frame);
      case 'unwatch':
        return watches.close(frame.channel);
      case 'ack':
        return watches.ack(frame.channel, frame.bytes);
      case 'input':
        return act(frame, () => watches.input(frame.channel, Buffer.from(frame.data, 'base64')));
      case 'resize':
        return act(frame, () => watches.resize(frame.channel, frame.cols, frame.rows));
      case 'ping':
        return send({ type: 'pong' });
    }
  };

  const mistake = (detail: string): void => {
    mistakes += 1;
    trouble({ code: 'CCM_BAD_INPUT', detail });
    if (!principal || mistakes > maxMistakes) hangUp(closeCodes.unauthorized, 'not our protocol');
  };

  return {
    end,
    receiveBytes: () => (ended ? undefined : mistake('Binary frames go from server to client only.')),
    receive: (text) => {
      if (ended) return;
      const frame = clientFrame.safeParse(parsed(text));
      if (!frame.success) return mistake(`Not a frame we know: ${frame.error.issues[0]?.message ?? 'invalid'}.`);
      if (!principal) return authenticate(frame.data);
      handle(frame.data);
    },
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Answered like any other frame we do not know.
    return null;
  }
};
