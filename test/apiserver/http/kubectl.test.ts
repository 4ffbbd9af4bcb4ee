// What a person does with kubectl in a day, with the real binary, unmodified. Skipped where there is none.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Kubectl, Ran } from './kubectl.js';
import { KUBECTL_DOORS } from './kubectl-doors.js';
import { findKubectl, MANIFESTS, useKubectl } from './kubectl.js';

const binary = findKubectl();

/** Columns without their padding. */
const rows = ({ out }: Ran): string[] => out.trim().split('\n').map((line) => line.trim().split(/ {2,}/).join('|'));

for (const door of KUBECTL_DOORS) describe(`kubectl: ${door.name}`, { skip: binary === undefined ? 'kubectl is not on PATH' : false }, () => {
  let server: Awaited<ReturnType<typeof door.open>>;
  let kubectl: Kubectl;
  let namespace = '';
  /** Runs it, and fails with what it said unless the code is the one wanted. */
  const run = async (line: string, code = 0, ...more: readonly string[]): Promise<Ran> => {
    const ran = await kubectl.run(...line.split(' '), ...more);
    assert.equal(ran.code, code, `kubectl ${line}: ${ran.out}${ran.err}`);
    return ran;
  };

  before(async () => {
    server = await door.open();
    kubectl = await useKubectl(binary ?? '', server.kubeconfig, { KUBE_EDITOR: './edit.sh' });
    await kubectl.write('all.yaml', MANIFESTS);
    await kubectl.write('namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {generateName: play-}\n');
    namespace = (await run('create -o name -f namespace.yaml')).out.trim().replace('namespace/', '');
    await run(`config set-context --current --namespace=${namespace}`);
    await run('apply -f all.yaml');
  });
  after(async () => {
    await run(`delete namespace ${namespace} --wait=false`);
    await server.close();
    await kubectl.remove();
  });

  test('apply: unchanged the second time, a change is merged, an unknown field is refused by name', async () => {
    assert.deepEqual(rows(await run('apply -f all.yaml')), ['deployment.apps/web unchanged', 'configmap/settings unchanged', 'widget.example.com/w1 unchanged']);
    await kubectl.write('changed.yaml', MANIFESTS.replace('nginx:1', 'nginx:2').replace('colour: red', 'colour: blue'));
    assert.match((await run('diff -f changed.yaml', 1)).out, /^\+ {6}- image: nginx:2$/m);
    assert.deepEqual(rows(await run('apply -f changed.yaml')), ['deployment.apps/web configured', 'configmap/settings unchanged', 'widget.example.com/w1 configured']);
    const images = await run('get deployment web -o', 0, 'jsonpath={.spec.template.spec.containers[*].image}');
    assert.equal(images.out, 'nginx:2 side:1');
    await kubectl.write('typo.yaml', MANIFESTS.replace('colour: red', 'color: red'));
    assert.match((await run('apply -f typo.yaml', 1)).err, /unknown field "spec\.color"/);
    await kubectl.write('wrong.yaml', MANIFESTS.replace('colour: red', 'colour: green'));
    assert.match((await run('apply -f wrong.yaml', 1)).err, /spec\.colour: Unsupported value: "green"/);
  });

  test('get: tables, wide ones, other forms, names that are not there', async () => {
    await run('apply -f all.yaml');
    assert.deepEqual(rows(await run('get widgets'))[0], 'NAME|WANTED|PHASE|READY|SINCE');
    assert.match(rows(await run('get wd -o wide'))[1] ?? '', /^w1\|\d\|red\|\d+s$/);
    assert.match(rows(await run('get all')).join('\n'), /^deployment\.apps\/web\|\d\/2\|\d\|\d\|\d+s$/m);
    assert.deepEqual(rows(await run('get configmaps --field-selector=metadata.name=settings --sort-by=.metadata.name --no-headers')).length, 1);
    assert.equal((await run('get cm settings -o name')).out, 'configmap/settings\n');
    assert.match((await run('get wd nope', 1)).err, /Error from server \(NotFound\): widgets\.example\.com "nope" not found/);
    assert.deepEqual(rows(await run('api-resources --api-group=example.com')).slice(1), ['widgets|wd|example.com/v1|true|Widget']);
  });

  test('patch of each sort, label, annotate, set image, edit', async () => {
    await run('patch widget w1 --type=merge -p', 0, '{"spec":{"colour":"blue"}}');
    await run('patch widget w1 --type=json -p', 0, '[{"op":"test","path":"/spec/colour","value":"blue"},{"op":"replace","path":"/spec/colour","value":"red"}]');
    assert.match((await run('patch widget w1 -p', 1, '{"spec":{"colour":"blue"}}')).err, /strategic-merge-patch\+json is not supported by example\.com\/v1, Kind=Widget/);
    await run('patch deployment web -p', 0, '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:2"}]}}}}');
    await run('set image deployment/web web=nginx:7');
    assert.equal((await run('get deployment web -o', 0, 'jsonpath={.spec.template.spec.containers[*].image}')).out, 'nginx:7 side:2');
    await run('label widget w1 size=small');
    await run('annotate widget w1 note=hello');
    assert.equal((await run('get widget -l size=small -o name')).out, 'widget.example.com/w1\n');
    await kubectl.write('edit.sh', '#!/bin/sh\nsed -i \'s/^  a: .*/  a: "77"/\' "$1"\n');
    await run('edit configmap settings');
    assert.equal((await run('get cm settings -o', 0, 'jsonpath={.data.a}')).out, '77');
  });

  test('scale and wait', async () => {
    assert.equal((await run('scale deployment web --replicas=3')).out, 'deployment.apps/web scaled\n');
    await run('scale widget w1 --replicas=5');
    assert.equal((await run('get widget w1 -o', 0, 'jsonpath={.spec.replicas}')).out, '5');
    const waiting = run('wait widget/w1 --for=condition=Ready --timeout=10s');
    await run('patch widget w1 --subresource=status --type=merge -p', 0, '{"status":{"phase":"Good","conditions":[{"type":"Ready","status":"True"}]}}');
    assert.equal((await waiting).out, 'widget.example.com/w1 condition met\n');
    assert.match(rows(await run('get widget w1'))[1] ?? '', /^w1\|5\|Good\|True\|/);
    await run('wait widget/w1 --for=condition=Never --timeout=1s', 1);
  });

  test('describe, explain, and questions about oneself', async () => {
    await kubectl.write('pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "busybox:1"}]}\n');
    await run('apply -f pod.yaml');
    assert.match((await run('describe deployment web')).out, /^Selector: +app=web$/m);
    assert.match((await run('describe pod p')).out, /^QoS Class: +BestEffort$/m);
    assert.match((await run('describe widget w1')).out, /^ {2}Replicas: +\d$/m);
    assert.match((await run('explain widget.spec.replicas')).out, /How many there should be\./);
    assert.match((await run('explain deployment.spec.template.spec.containers.image')).out, /FIELD: image <string>/);
    assert.equal((await run('auth can-i delete pods')).out, 'yes\n');
    assert.match((await run('auth whoami')).out, door.user);
    assert.match((await run('version')).out, door.version);
  });

  test('logs', { skip: door.hasLogs ? false : 'no container runs there' }, async () => {
    await kubectl.write('speaker.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: speaker}\nspec: {containers: [{name: c, image: "busybox:1"}]}\n');
    await run('apply -f speaker.yaml');
    assert.equal((await run('logs speaker')).out, 'one\ntwo\nthree\n');
    assert.match((await run('logs speaker --previous', 1)).err, /previous terminated container "c" in pod "speaker" not found/);
  });

  test('what typed commands make, in protobuf where kubectl is new enough', async () => {
    await run('create configmap typed --from-literal=a=b');
    await run('create secret generic typed --from-literal=a=b');
    await run('create serviceaccount typed');
    await run('create service clusterip typed --tcp=80:8080');
    await run('create deployment typed --image=nginx --replicas=0 --port=8080 -- sleep 1');
    assert.equal((await run('get secret typed -o', 0, 'jsonpath={.data.a} {.type}')).out, 'Yg== Opaque');
    assert.equal((await run('get service typed -o', 0, 'jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort}')).out, '80 8080');
    const container = '.spec.template.spec.containers[0]';
    const deployment = await run('get deployment typed -o', 0, `jsonpath={.spec.replicas} {${container}.command} {${container}.ports[0].containerPort}`);
    assert.equal(deployment.out, '0 ["sleep","1"] 8080');
  });

  test('get --watch shows what comes, delete waits until it is gone', async () => {
    const watching = kubectl.follow('get', 'widgets', '--watch');
    await watching.printed(/^w1 /m);
    await kubectl.write('late.yaml', 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: late}\nspec: {replicas: 9}\n');
    await run('create -f late.yaml');
    const seen = await watching.printed(/^late +9 /m);
    watching.stop();
    assert.equal(seen.match(/NAME/g)?.length, 1);
    await run('delete widget late --timeout=5s');
    assert.match((await run('get widget late', 1)).err, /NotFound/);
    assert.match((await run('delete configmap --all')).out, /configmap "settings" deleted/);
  });
});
