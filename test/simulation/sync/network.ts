/**
 * Everything between the devices and the hub: each call is a request that somebody else delivers, and a reply that somebody else delivers. It may
 * arrive late, twice, in another order, or never; what nobody answers ends by the caller's own deadline, as on a real line.
 */
import type { Account, Answer, Hub, HubTrouble, News, Ringing } from '../../../src/ports/hub.ts';
import type { Clock } from '../../../src/ports/system.ts';

export type Flight = {
  device: number;
  call: string;
  leg: 'request' | 'reply' | 'ring';
  go: () => Promise<void>;
  fail: (trouble: HubTrouble) => void;
};
/** What is told of a call once the hub has done it, before the reply leaves. */
export type Done = { device: number; call: string; args: readonly unknown[]; answer: Answer<unknown> };

const DEADLINE: Readonly<Record<string, number>> = { ping: 4_000, signIn: 4_000 };
const silent: HubTrouble = { reason: 'networkLost', evidence: 'no answer in time' };

export type Network = ReturnType<typeof network>;
/** What a hub answers at most at once: small, so that a read takes several pages. */
const ROWS = 4;

export const network = (hooks: {
  before: (call: string) => void;
  done: (done: Done) => void;
  heard: (device: number, call: string) => void;
}) => {
  let flights: Flight[] = [];
  /** At once and surely, while devices are set up and when everything has to come to rest. */
  let fluent = false;
  const land = (flight: Flight): Promise<void> => {
    flights = flights.filter((one) => one !== flight);
    return flight.go();
  };

  const join = (device: number, clock: Clock, alive: () => boolean, hub: Hub & Account): Hub & Account => {
    const travel = <T>(call: string, args: readonly unknown[], work: () => Promise<Answer<T>>): Promise<Answer<T>> =>
      new Promise((resolve) => {
        // Nobody is signed in: that is known here, and nothing leaves (as in `adapters/supabase`).
        if (call !== 'signIn' && hub.who() === null) return resolve(work());
        let open = true;
        const end = (answer: Answer<T>) => {
          if (!open || !alive()) return;
          open = false;
          hang();
          if (answer.ok) hooks.heard(device, call);
          resolve(answer);
        };
        const hang = clock.after(DEADLINE[call] ?? 15_000, () => end({ ok: false, trouble: silent }));
        const fail = (trouble: HubTrouble) => end({ ok: false, trouble });
        const go = async () => {
          hooks.before(call);
          const answer = structuredClone(await work());
          hooks.done({ device, call, args, answer });
          if (fluent) return end(answer);
          flights.push({ device, call, leg: 'reply', fail, go: async () => end(answer) });
          return undefined;
        };
        if (fluent) void go();
        else flights.push({ device, call, leg: 'request', fail, go });
        return undefined;
      });
    return {
      ...hub,
      signIn: (credentials) => travel('signIn', [], () => hub.signIn(credentials)),
      ping: () => travel('ping', [], () => hub.ping()),
      push: (system, epoch, ops, seen) => travel('push', [system, epoch, ops], () => hub.push(system, epoch, ops, seen)),
      pull: (epoch, after, _limit, seen) => travel('pull', [epoch, after], () => hub.pull(epoch, after, ROWS, seen)),
      claim: (system, limit, seen, key) => travel('claim', [system], () => hub.claim(system, Math.min(limit, 2), seen, key)),
      heartbeat: (system, facts) => travel('heartbeat', [system], () => hub.heartbeat(system, facts)),
      rewound: (epoch, seen) => travel('rewound', [epoch, seen], () => hub.rewound(epoch, seen)),
      reach: async () => fluent,
      listen: (bell: Ringing) => {
        let latest: News | undefined;
        const ring = (news?: News) => {
          if (!alive()) return;
          latest = news;
          if (fluent) bell.ring(news);
          else if (!flights.some((one) => one.device === device && one.leg === 'ring'))
            flights.push({ device, call: 'ring', leg: 'ring', fail: () => undefined, go: async () => void (alive() && bell.ring(latest)) });
        };
        return hub.listen({ ring, joined: () => alive() && bell.joined(), lost: (text) => alive() && bell.lost(text) });
      },
    };
  };

  return {
    join,
    flights: () => flights,
    land,
    /** Once more, later: the first stays on its way. */
    twice: (flight: Flight) => void flights.push({ ...flight }),
    drop: (flight: Flight) => {
      flights = flights.filter((one) => one !== flight);
    },
    /** Nothing of this device arrives any more. */
    cut: (device: number) => {
      flights = flights.filter((one) => one.device !== device);
    },
    fluent: (on: boolean) => {
      fluent = on;
    },
    isFluent: () => fluent,
  };
};
