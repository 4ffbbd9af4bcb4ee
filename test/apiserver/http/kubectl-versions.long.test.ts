// Every kubectl that is installed side by side: each generation asks for other forms of discovery, OpenAPI and bodies.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findKubectl, findKubectlVersions, MANIFESTS, useKubectl } from './kubectl.js';
import type { TestServer } from './test-server.js';
import { startTestServer } from './test-server.js';

const found = findKubectl();
const versions = found === undefined ? [] : await findKubectlVersions(found);

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.door.close());

const LINES: readonly { readonly line: string; readonly out: RegExp; readonly code?: number }[] = [
  { line: 'apply -f all.yaml', out: /widget\.example\.com\/w1 created/ },
  { line: 'apply -f all.yaml', out: /widget\.example\.com\/w1 unchanged/ },
  { line: 'apply -f typo.yaml', out: /unknown field "spec\.color"/, code: 1 },
  { line: 'get deployments,widgets', out: /widget\.example\.com\/w1 +1/ },
  { line: 'scale deployment web --replicas=3', out: /scaled/ },
  { line: 'scale widget w1 --replicas=4', out: /scaled/ },
  { line: 'set image deployment/web web=nginx:2', out: /image updated/ },
  { line: 'explain widget.spec.replicas', out: /How many there should be/ },
  { line: 'describe deployment web', out: /3 desired/ },
  { line: 'create deployment typed --image=nginx', out: /created/ },
  { line: 'apply --server-side -f all.yaml --force-conflicts', out: /widget\.example\.com\/w1 serverside-applied/ },
  { line: 'scale deployment web --replicas=5', out: /scaled/ },
  { line: 'apply --server-side -f all.yaml', out: /conflict with "kubectl[.\d]*" with subresource "scale" using apps\/v1: \.spec\.replicas/, code: 1 },
  { line: 'autoscale deployment web --max=3 --cpu-percent=50', out: /autoscaled/ },
  { line: 'create job once --image=busybox', out: /created/ },
  { line: 'create role reader --verb=get --resource=pods', out: /created/ },
  { line: 'create rolebinding reads --role=reader --serviceaccount=default:default', out: /created/ },
  { line: 'create quota few --hard=pods=50', out: /created/ },
  { line: 'create pdb one --selector=app=web --min-available=1', out: /created/ },
  { line: 'create ingress front --rule=a.b/*=web:80', out: /created/ },
  { line: 'create token default', out: /^ey[\w-]+\.[\w-]+\.[\w-]+\s*$/ },
  { line: 'get job,role,rolebinding,quota,pdb,ingress,hpa', out: /ingress\.networking\.k8s\.io\/front +<none> +a\.b/ },
  { line: 'explain job.spec.backoffLimit', out: /backoffLimit/ },
  { line: 'auth whoami', out: /sluice/ },
  { line: 'auth can-i create pods', out: /yes/ },
  { line: 'auth can-i create pods --as=jane', out: /no/, code: 1 },
  { line: 'delete -f all.yaml --timeout=5s', out: /"w1" deleted/ },
];

if (versions.length === 0) test('kubectl of several versions', { skip: 'no kubectl.1.x lies beside kubectl' }, () => undefined);

for (const binary of versions) {
  const name = path.basename(binary);
  test(name, async () => {
    const namespace = name.replaceAll('.', '-');
    const kubectl = await useKubectl(binary, server.door.kubeconfig());
    try {
      await kubectl.write('all.yaml', MANIFESTS);
      await kubectl.write('typo.yaml', MANIFESTS.replace('colour: red', 'color: red'));
      await kubectl.run('create', 'namespace', namespace);
      for (const { line, out, code = 0 } of LINES) {
        const ran = await kubectl.run('-n', namespace, ...line.split(' '));
        assert.equal(ran.code, code, `${line}: ${ran.out}${ran.err}`);
        assert.match(ran.out + ran.err, out, `${line}: ${ran.out}${ran.err}`);
      }
    } finally {
      await kubectl.remove();
    }
  });
}
