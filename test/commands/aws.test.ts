// The built program asks AWS: its SDK is in the bundle as what the program takes it for.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import { asAnalysisRun } from '../../src/kinds/analysis-run.js';
import { ANALYSIS_RUN } from '../../src/kinds/resource-type.js';
import { MAIN, Running, temporaryFolder, until } from '../support/sluice.js';

const folder = temporaryFolder();
after(() => folder.remove());

const RUN = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisRun
metadata: {name: load, namespace: default}
spec:
  metrics:
  - {name: load, successCondition: 'result[0].Values[0] == 7', provider: {cloudWatch: {metricDataQueries: [{id: a, expression: x}]}}}
  - {name: signed, successCondition: 'result[0] == 8', provider: {prometheus: {address: ADDRESS/aps-workspaces/ws-1, query: up, authentication: {sigv4: {region: us-test-1}}}}}
`;

test('an analysis by CloudWatch, and by a Prometheus that takes signed requests only', async () => {
  const server = http.createServer((request, response) => {
    request.resume();
    const isSigned = / Credential=x\/\d+\/us-test-1\/aps\/aws4_request, /.test(request.headers.authorization ?? '');
    if (request.url?.startsWith('/aps-workspaces') === true) response.writeHead(isSigned ? 200 : 403).end('{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"8"]}]}}');
    else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"MetricDataResults":[{"Id":"a","StatusCode":"Complete","Values":[7],"Timestamps":[1]}]}');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = path.join(folder.path, 'kubeconfig');
  const running = new Running(['serve', '--kubeconfig-out', kubeconfig, '-f', folder.file('run.yaml', RUN.replace('ADDRESS', url))], { AWS_ENDPOINT_URL_CLOUDWATCH: url, AWS_REGION: 'eu-test-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
  await running.says('ready');
  const connected = await createRemoteCluster({ kubeconfig: { file: kubeconfig, environment: {} } });
  assert.ok(connected.ok);
  const status = await until('the end of the run', async () => {
    const run = await connected.value.get({ type: ANALYSIS_RUN, namespace: 'default', name: 'load' });
    return run.ok && asAnalysisRun(run.value).status?.completedAt !== undefined && asAnalysisRun(run.value).status;
  });
  const told = status.metricResults?.flatMap(({ name, measurements = [] }) => measurements.map(({ phase, value, message }) => [name, phase, value, message]));
  assert.deepEqual(told?.toSorted(), [['load', 'Successful', '[[7]]', undefined], ['signed', 'Successful', '[8]', undefined]]);
  connected.value.close();
  await running.end();
  server.closeAllConnections();
  server.close();
});

test('each client, and what signs, is an export of its chunk: a package of another kind would have a default export only', () => {
  const chunks = path.join(path.dirname(MAIN), 'chunks');
  const exported = readdirSync(chunks).map((name) => readFileSync(path.join(chunks, name), 'utf8')).flatMap((text) => [...text.matchAll(/export\s*\{([^}]*)\}/g)].map(([, names = '']) => names));
  for (const name of ['CloudWatchClient', 'ElasticLoadBalancingV2Client', 'fromNodeProviderChain', 'fromTemporaryCredentials', 'loadConfig', 'memoize', 'Sha256', 'SignatureV4']) assert.ok(exported.some((names) => new RegExp(`\\b${name}\\b`).test(names)), name);
});
