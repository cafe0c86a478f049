import { fakeHub } from '../../../adapters/supabase/fake.ts';
import { hubContract } from '../../contracts/hub.ts';

const hub = fakeHub({ now: () => Date.now(), newId: () => crypto.randomUUID() });

hubContract('in memory', async () => {
  return {
    connect: hub.connect,
    address: { url: 'http://127.0.0.1', key: 'sb_publishable' },
    addUser: async (email, password) => hub.addUser(email, password),
  };
});
