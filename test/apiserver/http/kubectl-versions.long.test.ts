// Every kubectl that is installed side by side: each generation asks for other forms of discovery, OpenAPI and bodies.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { KUBECTL_DOORS } from './kubectl-doors.js';
import { findKubectl, findKubectlVersions, MANIFESTS, useKubectl } from './kubectl.js';

const found = findKubectl();
const versions = found === undefined ? [] : await findKubectlVersions(found);

type Line = {
  readonly line: string;
  readonly out: RegExp;
  readonly code?: number;
  /** Older ones ask for an API that we serve, and that a real server of today has no longer. */
  readonly realSince?: number;
};

const LINES: readonly Line[] = [
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
  { line: 'auth whoami', out: /Username/, realSince: 28 },
  { line: 'auth can-i create pods', out: /yes/ },
  { line: 'auth can-i create pods --as=jane', out: /no/, code: 1 },
  { line: 'delete -f all.yaml --timeout=5s', out: /"w1" deleted/ },
];

if (versions.length === 0) test('kubectl of several versions', { skip: 'no kubectl.1.x lies beside kubectl' }, () => undefined);

for (const door of KUBECTL_DOORS) describe(door.name, () => {
  let server: Awaited<ReturnType<typeof door.open>>;
  before(async () => {
    server = await door.open();
  });
  after(() => server.close());

  for (const binary of versions) {
    const name = path.basename(binary);
    test(name, async () => {
      const namespace = `${name.replaceAll('.', '-')}-${randomBytes(3).toString('hex')}`;
      const kubectl = await useKubectl(binary, server.kubeconfig);
      try {
        await kubectl.write('all.yaml', MANIFESTS);
        await kubectl.write('typo.yaml', MANIFESTS.replace('colour: red', 'color: red'));
        await kubectl.run('create', 'namespace', namespace);
        const lines = LINES.filter(({ realSince = 0 }) => door.name === 'embedded' || Number(name.split('.').at(-1)) >= realSince);
        for (const { line, out, code = 0 } of lines) {
          const ran = await kubectl.run('-n', namespace, ...line.split(' '));
          assert.equal(ran.code, code, `${line}: ${ran.out}${ran.err}`);
          assert.match(ran.out + ran.err, out, `${line}: ${ran.out}${ran.err}`);
        }
        await kubectl.run('delete', 'namespace', namespace, '--wait=false');
      } finally {
        await kubectl.remove();
      }
    });
  }
});
