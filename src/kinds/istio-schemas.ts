// Schemas of Istio's VirtualService and Gateway, after Istio's reference documentation.

import { anyObject, bool, int, list, map, number, object, oneOf, text } from './schema.js';
import type { StructuralSchema } from './structural-schema.js';

// Istio counts in unsigned integers, which JSON schema does not tell apart.
const count = int();

const stringMatch = object({ exact: text(), prefix: text(), regex: text() });

const destination = object({ host: text(), subset: text(), port: object({ number: count }) });

const headerChanges = object({ set: map(text()), add: map(text()), remove: list(text()) });

const headers = object({ request: headerChanges, response: headerChanges });

const percent = object({ value: number() });

const httpMatch = object({
  name: text(),
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: count,
  sourceLabels: map(text()),
  gateways: list(text()),
  queryParams: map(stringMatch),
  ignoreUriCase: bool(),
  withoutHeaders: map(stringMatch),
  sourceNamespace: text(),
  statPrefix: text(),
});

const fault = object({
  delay: object({ fixedDelay: text(), exponentialDelay: text(), percentage: percent, percent: int() }),
  abort: object({ httpStatus: int(), grpcStatus: text(), http2Error: text(), percentage: percent }),
});

const corsPolicy = object({
  allowOrigin: list(text()),
  allowOrigins: list(stringMatch),
  allowMethods: list(text()),
  allowHeaders: list(text()),
  exposeHeaders: list(text()),
  maxAge: text(),
  allowCredentials: bool({ nullable: true }),
  unmatchedPreflights: oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});

const httpRoute = object({
  name: text(),
  match: list(httpMatch),
  route: list(object({ destination, weight: int(), headers })),
  redirect: object({
    uri: text(),
    authority: text(),
    port: count,
    derivePort: oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
    scheme: text(),
    redirectCode: count,
  }),
  directResponse: object({ status: count, body: object({ string: text(), bytes: text({ format: 'byte' }) }) }),
  delegate: object({ name: text(), namespace: text() }),
  rewrite: object({ uri: text(), authority: text(), uriRegexRewrite: object({ match: text(), rewrite: text() }) }),
  timeout: text(),
  retries: object({
    attempts: int(),
    perTryTimeout: text(),
    retryOn: text(),
    retryRemoteLocalities: bool({ nullable: true }),
    retryIgnorePreviousHosts: bool({ nullable: true }),
    backoff: text(),
  }),
  fault,
  mirror: destination,
  mirrors: list(object({ destination, percentage: percent })),
  mirrorPercentage: percent,
  mirrorPercent: int({ nullable: true }),
  mirror_percent: int({ nullable: true }),
  corsPolicy,
  headers,
});

const weightedDestinations = list(object({ destination, weight: int() }));

const networkMatch = {
  destinationSubnets: list(text()),
  port: count,
  sourceLabels: map(text()),
  gateways: list(text()),
  sourceNamespace: text(),
};

export const virtualServiceSchema = object({
  hosts: list(text()),
  gateways: list(text()),
  http: list(httpRoute),
  tls: list(object({ match: list(object({ ...networkMatch, sniHosts: list(text()) })), route: weightedDestinations })),
  tcp: list(object({ match: list(object({ ...networkMatch, sourceSubnet: text() })), route: weightedDestinations })),
  exportTo: list(text()),
});

const TLS_VERSIONS = ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'] as const;

export const gatewaySchema = object({
  selector: map(text()),
  servers: list(
    object({
      port: object({ number: count, protocol: text(), name: text(), targetPort: count }),
      bind: text(),
      hosts: list(text()),
      name: text(),
      defaultEndpoint: text(),
      tls: object({
        httpsRedirect: bool(),
        mode: oneOf(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
        serverCertificate: text(),
        privateKey: text(),
        caCertificates: text(),
        caCrl: text(),
        caCertCredentialName: text(),
        credentialName: text(),
        credentialNames: list(text()),
        tlsCertificates: list(object({ serverCertificate: text(), privateKey: text(), caCertificates: text() })),
        subjectAltNames: list(text()),
        verifyCertificateSpki: list(text()),
        verifyCertificateHash: list(text()),
        minProtocolVersion: oneOf(TLS_VERSIONS),
        maxProtocolVersion: oneOf(TLS_VERSIONS),
        cipherSuites: list(text()),
      }),
    }),
  ),
});

/** Istio keeps whatever its controllers report. */
export const istioStatusSchema = anyObject();

/** Istio's objects have no required fields of their own; the spec may be absent. */
export function istioObject(spec: StructuralSchema): StructuralSchema {
  return {
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' }, spec, status: istioStatusSchema.structural() },
  };
}
