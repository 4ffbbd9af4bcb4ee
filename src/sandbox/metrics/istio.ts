// The standard metrics of an Istio mesh, from what the pretend users did.

import { HASH_LABEL } from '../../kinds/labels.js';
import { LATENCY_BOUNDS_MS, type RequestBatch } from '../request-batch.js';
import type { Labels, SeriesStore } from './series-store.js';

const REPORTERS = ['source', 'destination'] as const;

function baseLabels(batch: RequestBatch, reporter: string): Labels {
  const { namespace, service, workload, podLabels } = batch;
  return {
    reporter,
    source_workload: 'istio-ingressgateway',
    source_workload_namespace: 'istio-system',
    source_app: 'istio-ingressgateway',
    destination_service: `${service}.${namespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: namespace,
    destination_workload: workload,
    destination_workload_namespace: namespace,
    destination_app: podLabels['app'] ?? 'unknown',
    destination_version: podLabels['version'] ?? 'latest',
    destination_canonical_service: podLabels['service.istio.io/canonical-name'] ?? podLabels['app'] ?? workload,
    destination_canonical_revision: podLabels['service.istio.io/canonical-revision'] ?? podLabels['version'] ?? 'latest',
    request_protocol: 'http',
    response_flags: '-',
    connection_security_policy: reporter === 'destination' ? 'mutual_tls' : 'unknown',
    // Not standard, but common: a tag that tells revisions apart.
    rollouts_pod_template_hash: podLabels[HASH_LABEL] ?? '',
  };
}

/** Bounds as Prometheus writes `le`. */
const BOUND_TEXTS = LATENCY_BOUNDS_MS.map(String);

export function recordIstio(store: SeriesStore, batch: RequestBatch): void {
  const total = Object.values(batch.codes).reduce((sum, requests) => sum + requests, 0);
  for (const reporter of REPORTERS) {
    const base = baseLabels(batch, reporter);
    for (const [code, requests] of Object.entries(batch.codes)) {
      if (requests > 0) store.add({ ...base, __name__: 'istio_requests_total', response_code: code }, requests);
    }
    if (total === 0) continue;
    const name = 'istio_request_duration_milliseconds';
    let below = 0;
    BOUND_TEXTS.forEach((le, index) => {
      below += batch.latencyCounts[index] ?? 0;
      store.add({ ...base, __name__: `${name}_bucket`, le }, below);
    });
    store.add({ ...base, __name__: `${name}_bucket`, le: '+Inf' }, total);
    store.add({ ...base, __name__: `${name}_count` }, total);
    store.add({ ...base, __name__: `${name}_sum` }, batch.latencySumMs);
  }
}
