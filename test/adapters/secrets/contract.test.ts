import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fakeSecrets } from '../../../adapters/secrets/fake.ts';
import { secretStore } from '../../../adapters/secrets/index.ts';
import { secretsContract } from '../../contracts/secrets.ts';
import { startGnomeKeyring } from '../../support/gnome-keyring.ts';
import { playedKeytar } from '../../support/played-keytar.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const clock = realClock;

secretsContract('adapters/secrets/fake', async () => ({ secrets: fakeSecrets(), again: null }));

secretsContract('adapters/secrets in a file', async () => {
  const folder = join(await tempFolder(), 'secrets');
  const again = () => secretStore({ folder, clock, prefer: 'file' });
  return { secrets: again(), again };
});

secretsContract('adapters/secrets in a played keychain', async () => {
  const folder = join(await tempFolder(), 'secrets');
  const keytar = playedKeytar();
  const again = () => secretStore({ folder, clock, keytar: keytar.load });
  return { secrets: again(), again };
});

const keyring = await startGnomeKeyring();
afterAll(() => keyring?.stop());

// Where there is no keyring the same words are played against nothing: the test below says what was found.
if (keyring) {
  secretsContract('adapters/secrets in gnome-keyring', async () => {
    const folder = join(await tempFolder(), 'secrets');
    const again = () => secretStore({ folder, clock, prefer: 'keychain' });
    // The daemon says that it runs before it owns its name on the bus.
    await until('the keyring to answer', async () => ((await again().facts()).problem === null ? true : undefined));
    return { secrets: again(), again };
  });
}

test(`left to itself it takes ${keyring ? 'the keychain that is there' : 'the file, for there is no keychain here'}`, async () => {
  const secrets = secretStore({ folder: join(await tempFolder(), 'secrets'), clock });
  expect(await secrets.facts()).toMatchObject(
    keyring ? { place: 'keychain', passedOver: null } : { place: 'file', passedOver: expect.stringContaining('keychain') },
  );
});
