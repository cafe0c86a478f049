/**
 * In which agent's window does the program at the other end of a loopback connection run? Agents run as the same user and could read the
 * person's own token; what they cannot do unnoticed is to be another process. Linux: the kernel's table of sockets names the socket, /proc its
 * owner, and its environment (or that of one of its ancestors) names the agent. Elsewhere, and whenever something cannot be read: null.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** A shell in a shell in a script … in a window. */
const maxDepth = 32;

/** Hex port of an address in /proc/net/tcp: `0100007F:223D`. */
const portOf = (address: string | undefined): number => Number.parseInt(address?.split(':')[1] ?? '', 16);

/**
 * Inode of the peer's end of the connection `peer` → `own`, or null. Each family has its own ports: an agent that comes over `::1` from the
 * number of somebody's IPv4 connection must not be taken for them. An IPv6 socket that speaks IPv4 stands in the table of IPv6.
 */
const inodeOf = async (peer: number, own: number, ipv6: boolean): Promise<string | null> => {
  for (const table of ipv6 ? ['/proc/net/tcp6'] : ['/proc/net/tcp', '/proc/net/tcp6']) {
    // No IPv6 here: no such table.
    const text = await readFile(table, 'latin1').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const mapped = fields[1]?.startsWith('0000000000000000FFFF0000') === true;
      if (portOf(fields[1]) === peer && portOf(fields[2]) === own && (table.endsWith('tcp') || mapped !== ipv6)) return fields[9] ?? null;
    }
  }
  return null;
};

const holds = async (pid: string, link: string): Promise<boolean> => {
  // Another user's process, or one that ended meanwhile: not to be read, and not the peer.
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const name of names) if ((await readlink(`/proc/${pid}/fd/${name}`).catch(() => '')) === link) return true;
  return false;
};

const ownerOf = async (inode: string): Promise<string | null> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // The newest first: who asks was usually started a moment ago.
  for (const pid of pids.toSorted((a, b) => Number(b) - Number(a))) if (await holds(pid, `socket:[${inode}]`)) return pid;
  return null;
};

const agentIn = async (pid: string): Promise<string | null> => {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const mark = environment.split('\0').find((one) => one.startsWith('CCM_AGENT_ID='));
  return mark?.slice('CCM_AGENT_ID='.length) || null;
};

const parentOf = async (pid: string): Promise<string | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined || Number(parent) <= 1 ? null : parent;
};

/** `ownPort`: where we listen. The answer is what the environment says: whether such an agent exists is for the caller to look up. */
export const insideAgent =
  (ownPort: () => number) =>
  async (peer: { port: number; ipv6: boolean }): Promise<string | null> => {
    if (process.platform !== 'linux') return null;
    const inode = await inodeOf(peer.port, ownPort(), peer.ipv6);
    let pid = inode === null || inode === '0' ? null : await ownerOf(inode);
    for (let depth = 0; pid !== null && depth < maxDepth; depth += 1) {
      const agent = await agentIn(pid);
      if (agent !== null) return agent;
      pid = await parentOf(pid);
    }
    return null;
  };
