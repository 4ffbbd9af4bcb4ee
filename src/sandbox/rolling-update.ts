// The arithmetic of a Deployment's rolling update: how large each ReplicaSet should be next.

export type Sized = {
  readonly name: string;
  readonly wanted: number;
  readonly available: number;
};

export type RollingLimits = { readonly replicas: number; readonly maxSurge: number; readonly maxUnavailable: number };

export type Resize = { readonly name: string; readonly from: number; readonly to: number };

/** "25%" of the replicas or a plain number; a percentage is rounded up for a surge and down for what may be missing. */
export function limitsOf(replicas: number, surge: number | string | undefined, unavailable: number | string | undefined): RollingLimits {
  const maxSurge = share(surge ?? '25%', replicas, Math.ceil);
  const maxUnavailable = share(unavailable ?? '25%', replicas, Math.floor);
  // With neither room above nor below nothing could ever move.
  return { replicas, maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

function share(value: number | string, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? Number(value) || 0 : round((Number(percent) * total) / 100);
}

const totalOf = (sets: readonly Sized[]): number => sets.reduce((sum, { wanted }) => sum + wanted, 0);

/** The size of the newest set: as large as the surge leaves room for, never more than asked. */
export function nextNewSize(newest: Sized, old: readonly Sized[], limits: RollingLimits): number {
  if (newest.wanted >= limits.replicas) return limits.replicas;
  const room = limits.replicas + limits.maxSurge - totalOf([newest, ...old]);
  return newest.wanted + Math.max(0, Math.min(room, limits.replicas - newest.wanted));
}

/** How the old sets shrink, oldest first: pods that are not available go before those that serve. */
export function shrinkOld(newest: Sized, old: readonly Sized[], limits: RollingLimits): readonly Resize[] {
  const minAvailable = limits.replicas - limits.maxUnavailable;
  const newUnavailable = Math.max(0, newest.wanted - newest.available);
  let spare = totalOf([newest, ...old]) - minAvailable - newUnavailable;
  if (spare <= 0) return [];
  const sizes = new Map(old.map((set) => [set.name, set.wanted]));
  const take = (set: Sized, count: number): number => {
    const taken = Math.max(0, Math.min(count, sizes.get(set.name) ?? 0));
    sizes.set(set.name, (sizes.get(set.name) ?? 0) - taken);
    return taken;
  };
  for (const set of old) spare -= take(set, Math.min(spare, set.wanted - set.available));
  let serving = Math.min(spare, newest.available + old.reduce((sum, { available }) => sum + available, 0) - minAvailable);
  for (const set of old) serving -= take(set, Math.min(serving, set.available));
  return old.map((set) => ({ name: set.name, from: set.wanted, to: sizes.get(set.name) ?? 0 })).filter(({ from, to }) => from !== to);
}
