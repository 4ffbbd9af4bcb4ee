// The defaults that a Kubernetes API server fills into one volume of a pod.

import { isRecord } from '../lib/deep.js';
import { defaultFieldRef, defaultPullPolicy } from './container-defaults.js';

type Loose = Readonly<Record<string, unknown>>;

// 0644: what files of secrets, config maps and projections may be read by.
const DEFAULT_MODE = 420;

const TOKEN_SECONDS = 3600;

/** Per source: what is filled in when it is absent. */
const SOURCE_DEFAULTS: Readonly<Record<string, Loose>> = {
  secret: { defaultMode: DEFAULT_MODE },
  configMap: { defaultMode: DEFAULT_MODE },
  downwardAPI: { defaultMode: DEFAULT_MODE },
  projected: { defaultMode: DEFAULT_MODE },
  hostPath: { type: '' },
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};

export function defaultVolume(volume: Loose): Loose {
  const sources = Object.keys(volume).filter((name) => name !== 'name' && isRecord(volume[name]));
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  return Object.fromEntries(Object.entries(volume).map(([name, source]) => [name, isRecord(source) ? defaultSource(name, source) : source]));
}

function defaultSource(name: string, source: Loose): Loose {
  const filled = { ...SOURCE_DEFAULTS[name], ...source };
  if (name === 'downwardAPI') return withFieldRefs(filled);
  if (name === 'projected' && Array.isArray(filled['sources'])) return { ...filled, sources: filled['sources'].map(defaultProjection) };
  if (name === 'image' && typeof source['reference'] === 'string')
    return { ...filled, pullPolicy: source['pullPolicy'] ?? defaultPullPolicy(source['reference']) };
  if (name === 'ephemeral') return withVolumeMode(filled);
  return filled;
}

function withFieldRefs(source: Loose): Loose {
  const { items } = source;
  if (!Array.isArray(items)) return source;
  return {
    ...source,
    items: items.map((item: unknown) => (isRecord(item) && isRecord(item['fieldRef']) ? { ...item, fieldRef: defaultFieldRef(item['fieldRef']) } : item)),
  };
}

function defaultProjection(projection: unknown): unknown {
  if (!isRecord(projection)) return projection;
  const { serviceAccountToken, downwardAPI } = projection;
  return {
    ...projection,
    ...(isRecord(serviceAccountToken) ? { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, ...serviceAccountToken } } : {}),
    ...(isRecord(downwardAPI) ? { downwardAPI: withFieldRefs(downwardAPI) } : {}),
  };
}

function withVolumeMode(source: Loose): Loose {
  const claim = source['volumeClaimTemplate'];
  if (!isRecord(claim)) return source;
  return { ...source, volumeClaimTemplate: { ...claim, spec: { volumeMode: 'Filesystem', ...(isRecord(claim['spec']) ? claim['spec'] : {}) } } };
}
