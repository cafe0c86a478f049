type Lock = { packages?: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> };

/**
 * What keeps a package-lock.json from serving everywhere: addresses of one registry, and platform packages that are
 * named but have no entry (npm drops those its registry lacked at the time; `npm ci` then refuses the file on every machine).
 */
export const lockComplaints = (json: string): string[] => {
  const { packages = {} }: Lock = JSON.parse(json);
  return Object.entries(packages).flatMap(([path, { resolved, optionalDependencies = {} }]) => [
    ...(resolved ? [`${path} is tied to ${resolved}`] : []),
    ...Object.keys(optionalDependencies)
      .filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
      .map((name) => `${path} names ${name}, which has no entry`),
  ]);
};
