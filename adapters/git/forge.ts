/** Where a remote's address leads in a browser. Pure; unknown hosts give null. */

type Forge = { host: string; owner: string; name: string };

/** `https://host/owner/name.git`, `git@host:owner/name`, `ssh://git@host:22/owner/name`. A name or token in the address is dropped. */
export const forgeOf = (remote: string): Forge | null => {
  const found =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(remote) ??
    /^(?:[^@/\s]+@)?([^/:\s]+):(?!\/\/)(.+?)(?:\.git)?\/?$/.exec(remote);
  const parts = found?.[2]?.split('/').filter(Boolean) ?? [];
  const name = parts.pop();
  if (!found?.[1] || !name || parts.length === 0) return null;
  return { host: found[1].toLowerCase(), owner: parts.join('/'), name };
};

/** The page on which a pull request of the branch is begun. */
export const compareUrl = (remote: string, base: string, branch: string): string | null => {
  const forge = forgeOf(remote);
  if (!forge) return null;
  const { host, owner, name } = forge;
  const [from, to] = [escaped(base), escaped(branch)];
  const place = `https://${host}/${escaped(owner)}/${escaped(name)}`;
  if (host.includes('github')) return `${place}/compare/${from}...${to}?expand=1`;
  if (host.includes('gitlab'))
    return `${place}/-/merge_requests/new?${new URLSearchParams({ 'merge_request[source_branch]': branch, 'merge_request[target_branch]': base })}`;
  if (host.includes('bitbucket')) return `${place}/pull-requests/new?${new URLSearchParams({ source: branch, dest: base })}`;
  return null;
};

/** Slashes of a branch stay slashes. */
const escaped = (path: string): string => path.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
