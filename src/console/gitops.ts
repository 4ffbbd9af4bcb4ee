// Whether something else owns the spec: what Argo CD or Flux applies from git, it applies again.

import type { KubeObject } from '../kinds/kube-object.js';
import { textAt } from '../lib/read.js';

/** Argo CD marks what it applies by this annotation or this label, or, with neither, only as a field manager. */
const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id';
const ARGO_LABELS = ['argocd.argoproj.io/instance', 'argocd.argoproj.io/app-name'];
const ARGO_MANAGERS: ReadonlySet<string> = new Set(['argocd-controller', 'argocd-application-controller']);
const FLUX_KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/name';
const FLUX_RELEASE = 'helm.toolkit.fluxcd.io/name';

/** "Argo CD application shop"; undefined when nothing is seen that would take a change back. */
export function findGitOpsOwner({ metadata }: KubeObject): string | undefined {
  const { annotations = {}, labels = {} } = metadata;
  const tracked = annotations[ARGO_TRACKING];
  if (tracked !== undefined) return `Argo CD application ${tracked.split(':')[0] ?? tracked}`;
  const labelled = ARGO_LABELS.map((label) => labels[label]).find((name) => name !== undefined);
  if (labelled !== undefined) return `Argo CD application ${labelled}`;
  const kustomization = labels[FLUX_KUSTOMIZATION];
  if (kustomization !== undefined) return `Flux Kustomization ${kustomization}`;
  const release = labels[FLUX_RELEASE];
  if (release !== undefined) return `Flux HelmRelease ${release}`;
  const managed = (metadata.managedFields ?? []).some((entry) => ARGO_MANAGERS.has(textAt(entry, 'manager') ?? ''));
  if (managed) return `an Argo CD application (${labels['app.kubernetes.io/instance'] ?? 'its name is not on the object'})`;
  return undefined;
}
