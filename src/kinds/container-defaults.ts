// The defaults that a Kubernetes API server fills into one container of a pod.

import { isRecord } from '../lib/deep.js';
import type { Container, ContainerPort } from './pod-template.js';

type Loose = Readonly<Record<string, unknown>>;

export function defaultContainer(container: Container, hostNetwork: boolean): Container {
  const result: Record<string, unknown> = {
    ...container,
    resources: container.resources ?? {},
    terminationMessagePath: container['terminationMessagePath'] ?? '/dev/termination-log',
    terminationMessagePolicy: container['terminationMessagePolicy'] ?? 'File',
    imagePullPolicy: pullPolicy(container.imagePullPolicy, container.image ?? ''),
  };
  if (container.ports !== undefined) result['ports'] = container.ports.map((port) => defaultPort(port, hostNetwork));
  if (container.env !== undefined) {
    result['env'] = container.env.map((variable) =>
      variable.valueFrom === undefined ? variable : { ...variable, valueFrom: defaultEnvSource(variable.valueFrom) },
    );
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isRecord(probe)) result[name] = defaultProbe(probe);
  }
  const lifecycle = container['lifecycle'];
  if (isRecord(lifecycle)) {
    result['lifecycle'] = Object.fromEntries(Object.entries(lifecycle).map(([name, handler]) => [name, isRecord(handler) ? defaultHandler(handler) : handler]));
  }
  return { ...result, name: container.name };
}

function defaultPort(port: ContainerPort, hostNetwork: boolean): ContainerPort {
  const protocol = port.protocol === undefined || port.protocol === '' ? 'TCP' : port.protocol;
  return hostNetwork && (port.hostPort ?? 0) === 0 ? { ...port, hostPort: port.containerPort, protocol } : { ...port, protocol };
}

/** An image without a tag, or with the tag "latest", is pulled always, unless a digest fixes it. */
function pullPolicy(given: string | undefined, image: string): string {
  if (given !== undefined && given !== '') return given;
  return defaultPullPolicy(image);
}

export function defaultPullPolicy(image: string): string {
  const lastPart = image.slice(image.lastIndexOf('/') + 1);
  if (lastPart.includes('@')) return 'IfNotPresent';
  const tag = lastPart.includes(':') ? lastPart.slice(lastPart.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultEnvSource(source: Loose): Loose {
  const { fieldRef, fileKeyRef } = source;
  return {
    ...source,
    ...(isRecord(fieldRef) ? { fieldRef: defaultFieldRef(fieldRef) } : {}),
    ...(isRecord(fileKeyRef) ? { fileKeyRef: { optional: false, ...fileKeyRef } } : {}),
  };
}

export function defaultFieldRef(fieldRef: Loose): Loose {
  return { ...fieldRef, apiVersion: fieldRef['apiVersion'] ?? 'v1' };
}

function defaultProbe(probe: Loose): Loose {
  const positive = (name: string, otherwise: number): Loose => ({ [name]: typeof probe[name] === 'number' && probe[name] !== 0 ? probe[name] : otherwise });
  return {
    ...defaultHandler(probe),
    ...positive('timeoutSeconds', 1),
    ...positive('periodSeconds', 10),
    ...positive('successThreshold', 1),
    ...positive('failureThreshold', 3),
  };
}

function defaultHandler(handler: Loose): Loose {
  const { httpGet, grpc } = handler;
  return {
    ...handler,
    ...(isRecord(httpGet) ? { httpGet: { ...httpGet, path: httpGet['path'] ?? '/', scheme: httpGet['scheme'] ?? 'HTTP' } } : {}),
    ...(isRecord(grpc) ? { grpc: { ...grpc, service: grpc['service'] ?? '' } } : {}),
  };
}
