/** Listens for the doorbell. It is a hint and no more: whoever needs certainty polls. */
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Ringing } from '../../src/ports/hub.ts';
import { news } from './replies.ts';

export const listen = (client: SupabaseClient, uid: string, bell: Ringing): (() => void) => {
  const channel = client.channel(`ccm:${uid}`, { config: { private: true } });
  channel.on('broadcast', { event: 'ring' }, ({ payload }) => bell.ring(news.safeParse(payload).data));
  channel.subscribe((said, error) => {
    const status: string = said;
    if (status === 'SUBSCRIBED') bell.joined();
    else if (status !== 'CLOSED') bell.lost(`doorbell ${status.toLowerCase()}${error ? `: ${error.message.slice(0, 100)}` : ''}`);
  });
  client.realtime.onHeartbeat((status) => {
    if (status === 'timeout' || status === 'disconnected') bell.lost(`doorbell ${status}`);
  });
  return () => void client.removeChannel(channel);
};
