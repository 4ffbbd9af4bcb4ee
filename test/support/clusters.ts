// Several `sluice serve` as the clusters of one kubeconfig, under names of the test's choice.

import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

type Named = { readonly name: string };
type Parts = { readonly clusters: readonly (Named & { readonly cluster: unknown })[]; readonly users: readonly (Named & { readonly user: unknown })[] };

export type Access = { readonly context: string; readonly kubeconfig: string; /** In place of the server's own token. */ readonly user?: unknown; readonly namespace?: string };

/** The text of a kubeconfig with a context for each; the first is the current one. */
export function joinedKubeconfig(all: readonly Access[]): string {
  const entries = all.map(({ context, kubeconfig, user, namespace }) => {
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Parts;
    return {
      cluster: { name: context, cluster: clusters[0]?.cluster },
      user: { name: context, user: user ?? users[0]?.user },
      context: { name: context, context: { cluster: context, user: context, ...(namespace === undefined ? {} : { namespace }) } },
    };
  });
  return stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': all[0]?.context,
    clusters: entries.map(({ cluster }) => cluster), users: entries.map(({ user }) => user), contexts: entries.map(({ context }) => context),
  });
}

/** A canary without a router, with a pause for a person at a fifth and at three fifths. */
export const gated = (name: string, namespace = 'default'): string => stringify({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name, namespace },
  spec: {
    replicas: 2, selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `${name}:1` }] } },
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }] } },
  },
});
