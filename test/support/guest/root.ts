/** A small Debian with systemd, made once by debootstrap and kept beside the tests' output. Needs root, apt and its mirror. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../../../src/lib/run-process.ts';

const kept = join(import.meta.dirname, '../../.out/guest');
/** A change of what is in it makes another one. */
const packages = 'systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,tmux,git,procps,iproute2,sudo';
const version = 'v1';

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
const run = (argv: [string, ...string[]], timeoutMs: number) => runProcess({ argv, cwd: '/', env, timeoutMs });
const lastWords = ({ stdout, stderr, failure }: { stdout: string; stderr: string; failure: string | null }): string =>
  failure ?? (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? 'no words';

/** The folder of the pristine root, or why there is none. */
export const guestRoot = async (): Promise<{ root: string } | { missing: string }> => {
  if (process.platform !== 'linux') return { missing: 'there is no systemd on this system' };
  if (process.getuid?.() !== 0) return { missing: 'only root may boot a guest' };
  const root = join(kept, version);
  if (existsSync(join(root, 'lib/systemd/systemd'))) return { root };
  if ((await run(['debootstrap', '--version'], 10_000)).code !== 0) {
    const got = await run(['apt-get', 'install', '-y', '--no-install-recommends', 'debootstrap'], 180_000);
    if (got.code !== 0) return { missing: `debootstrap could not be installed (${lastWords(got)})` };
  }
  const stage = join(kept, `stage.${process.pid}`);
  mkdirSync(kept, { recursive: true });
  const made = await run(['debootstrap', '--variant=minbase', `--include=${packages}`, 'bookworm', stage], 420_000);
  if (made.code === 0 && (await run(['chroot', stage, 'useradd', '-m', '-u', '1000', '-s', '/bin/bash', 'ccm'], 10_000)).code === 0) {
    // No terminal there, so no login on one.
    await run(['chroot', stage, 'systemctl', 'mask', 'console-getty.service'], 20_000);
    writeFileSync(join(stage, 'etc/hostname'), 'ccmguest\n');
    renameSync(stage, root);
    return { root };
  }
  rmSync(stage, { recursive: true, force: true });
  return { missing: `no Debian could be made (${lastWords(made)})` };
};
