// The schema of Istio's DestinationRule, after Istio's reference documentation.

import { bool, int, list, map, object, oneOf, text } from './schema.js';

const count = int();

const connectionPool = object({
  tcp: object({
    maxConnections: int(),
    connectTimeout: text(),
    maxConnectionDuration: text(),
    idleTimeout: text(),
    tcpKeepalive: object({ probes: count, time: text(), interval: text() }),
  }),
  http: object({
    http1MaxPendingRequests: int(),
    http2MaxRequests: int(),
    maxRequestsPerConnection: int(),
    maxRetries: int(),
    idleTimeout: text(),
    h2UpgradePolicy: oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
    useClientProtocol: bool(),
    maxConcurrentStreams: int(),
  }),
});

const localityLbSetting = object({
  distribute: list(object({ from: text(), to: map(count) })),
  failover: list(object({ from: text(), to: text() })),
  failoverPriority: list(text()),
  enabled: bool({ nullable: true }),
});

const loadBalancer = object({
  simple: oneOf(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
  consistentHash: object({
    httpHeaderName: text(),
    httpCookie: object({ name: text(), path: text(), ttl: text(), attributes: list(object({ name: text(), value: text() })) }),
    useSourceIp: bool(),
    httpQueryParameterName: text(),
    ringHash: object({ minimumRingSize: count }),
    maglev: object({ tableSize: count }),
    minimumRingSize: count,
  }),
  localityLbSetting,
  warmupDurationSecs: text(),
  warmup: object({ duration: text(), minimumPercent: int({ nullable: true }), aggression: object({}) }),
});

const outlierDetection = object({
  consecutiveErrors: int(),
  splitExternalLocalOriginErrors: bool(),
  consecutiveLocalOriginFailures: int({ nullable: true }),
  consecutiveGatewayErrors: int({ nullable: true }),
  consecutive5xxErrors: int({ nullable: true }),
  interval: text(),
  baseEjectionTime: text(),
  maxEjectionPercent: int(),
  minHealthPercent: int(),
});

const tls = object({
  mode: oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  caCrl: text(),
  credentialName: text(),
  subjectAltNames: list(text()),
  sni: text(),
  insecureSkipVerify: bool({ nullable: true }),
});

const portPolicy = { loadBalancer, connectionPool, outlierDetection, tls };

const trafficPolicy = object({
  ...portPolicy,
  portLevelSettings: list(object({ port: object({ number: count }), ...portPolicy })),
  tunnel: object({ protocol: text(), targetHost: text(), targetPort: count }),
  proxyProtocol: object({ version: oneOf(['V1', 'V2']) }),
});

export const destinationRuleSchema = object({
  host: text(),
  trafficPolicy,
  subsets: list(object({ name: text(), labels: map(text()), trafficPolicy })),
  exportTo: list(text()),
  workloadSelector: object({ matchLabels: map(text()) }),
});
