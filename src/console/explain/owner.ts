// Who owns an object's spec in git: what is changed here by hand may be put back by them.

import type { KubeObject } from '../../kinds/kube-object.js';

export type GitOpsOwner = { readonly tool: 'Argo CD' | 'Flux'; /** "application shop", "Kustomization apps/shop" */ readonly what: string };

/** "shop:argoproj.io/Rollout:default/cart" names the application first. */
const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
const INSTANCE = 'argocd.argoproj.io/instance';

export function gitOpsOwner({ metadata }: KubeObject): GitOpsOwner | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const tracked = annotations[TRACKING_ID]?.split(':')[0] ?? labels[INSTANCE] ?? annotations[INSTANCE];
  if (tracked !== undefined && tracked !== '') return { tool: 'Argo CD', what: `application ${tracked}` };
  for (const [prefix, kind] of [
    ['kustomize', 'Kustomization'],
    ['helm', 'HelmRelease'],
  ] as const) {
    const name = labels[`${prefix}.toolkit.fluxcd.io/name`];
    if (name !== undefined) return { tool: 'Flux', what: `${kind} ${labels[`${prefix}.toolkit.fluxcd.io/namespace`] ?? ''}/${name}` };
  }
  return undefined;
}
