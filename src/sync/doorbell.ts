/** The line on which the hub rings. A hint: polling is the guarantee. It is also what notices soon that the way to the hub fell silent. */
import type { Hub, News } from '../ports/hub.ts';
import type { Clock } from '../ports/system.ts';

/** After the way is back, until the bell has joined again, which may be never. */
const UNHEARD_MS = 60_000;

export type Doorbell = {
  /** Once per hub; more calls change nothing. */
  listen(hub: Pick<Hub, 'listen'>): void;
  close(): void;
  healthy(): boolean;
  /** The way to the hub was found again just now. */
  wayIsBack(): void;
  /** It told of something that was not read yet. Asked at the end of a round, once for each news. */
  unread(): boolean;
  /** Nobody would notice a silent line now: it has to be asked. */
  mustAsk(): boolean;
};

export const doorbell = (
  clock: Pick<Clock, 'now'>,
  told: { ring: () => void; hasRead: (news: News) => boolean; joined: () => void; lost: (evidence: string) => void },
): Doorbell => {
  /** The hub rings whoever wrote too: what was read already, nobody comes for. */
  let latest: News | 'something' | null = null;
  let line: { healthy: boolean; close: () => void } | null = null;
  let unheardUntil = 0;
  return {
    listen(hub) {
      if (line) return;
      const mine = { healthy: false, close: (): void => undefined };
      line = mine;
      mine.close = hub.listen({
        ring: (news) => {
          if (news && told.hasRead(news)) return;
          latest = news ?? 'something';
          told.ring();
        },
        joined: () => {
          mine.healthy = true;
          told.joined();
        },
        lost: (evidence) => {
          mine.healthy = false;
          told.lost(evidence);
        },
      });
    },
    close() {
      line?.close();
      line = null;
    },
    unread: () => {
      const news = latest;
      latest = null;
      return news !== null && (news === 'something' || !told.hasRead(news));
    },
    healthy: () => line?.healthy ?? false,
    wayIsBack: () => void (unheardUntil = clock.now() + UNHEARD_MS),
    mustAsk: () => !line?.healthy && clock.now() < unheardUntil,
  };
};
