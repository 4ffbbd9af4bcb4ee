// A day with every kubectl that is installed side by side, on the whole embedded cluster: pods start, end, crash and make room.

import assert from 'node:assert/strict';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Embedded } from '../../../src/app/embedded.js';
import { startEmbedded } from '../../../src/app/embedded.js';
import { systemClock } from '../../../src/lib/clock.js';
import type { Kubectl, Ran } from './kubectl.js';
import { findKubectl, findKubectlVersions, useKubectl } from './kubectl.js';

const found = findKubectl();
const versions = found === undefined ? [] : await findKubectlVersions(found);

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1", ports: [{containerPort: 80}], env: [{name: A, value: "1"}]}
      - {name: side, image: "side:1"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
`;

const CRASHING = 'apiVersion: v1\nkind: Pod\nmetadata: {name: crash}\nspec: {containers: [{name: c, image: "c:1", command: [/bad-command]}]}\n';

let embedded: Embedded;
let folder = '';
let kubeconfig = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-day-'));
  const started = await startEmbedded({ clock: systemClock, environment: {}, sandbox: { behaviours: {}, hosts: [], pace: { startMs: 200 } }, engine: false });
  if (!started.ok) throw new Error(started.error);
  embedded = started.value;
  const door = await embedded.openDoor({ kubeconfigPath: path.join(folder, 'kubeconfig') });
  if (!door.ok) throw new Error(door.error);
  kubeconfig = await readFile(path.join(folder, 'kubeconfig'), 'utf8');
});
after(async () => {
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
});

if (versions.length === 0) test('a day with kubectl of several versions', { skip: 'no kubectl.1.x lies beside kubectl' }, () => undefined);

/** Columns without their padding. */
const rows = ({ out }: Ran): readonly string[] => out.trim().split('\n').map((line) => line.trim().split(/ {2,}/).join('|'));

for (const binary of versions) {
  const name = path.basename(binary);
  describe(name, () => {
    const namespace = `day-${name.replaceAll('.', '-')}`;
    let kubectl: Kubectl;
    /** Runs a line, and fails with what it said unless it ends with the code and says what is wanted. Words after the line are taken whole. */
    const run = async (line: string, wanted: RegExp | undefined, code = 0, ...more: readonly string[]): Promise<Ran> => {
      const ran = await kubectl.run('-n', namespace, ...line.split(' '), ...more);
      assert.equal(ran.code, code, `kubectl ${line} ${more.join(' ')}: ${ran.out}${ran.err}`);
      if (wanted !== undefined) assert.match(ran.out + ran.err, wanted, `kubectl ${line} ${more.join(' ')}`);
      return ran;
    };
    const value = async (line: string, jsonpath: string): Promise<string> => (await run(`${line} -o`, undefined, 0, `jsonpath=${jsonpath}`)).out;

    before(async () => {
      kubectl = await useKubectl(binary, kubeconfig, { KUBE_EDITOR: './edit.sh' });
      await kubectl.run('create', 'namespace', namespace);
      await kubectl.write('web.yaml', WEB);
      await kubectl.write('crash.yaml', CRASHING);
      await run('apply -f web.yaml', /deployment\.apps\/web created/);
      await run('rollout status deployment/web --timeout=50s', /successfully rolled out/);
    });
    after(async () => {
      await kubectl.run('delete', 'namespace', namespace, '--wait=false');
      await kubectl.remove();
    });

    test('get', async () => {
      assert.deepEqual(rows(await run('get pods', undefined))[0], 'NAME|READY|STATUS|RESTARTS|AGE');
      await run('get pods -o wide', /2\/2 +Running +0 +\d+s +10\.244\.\d+\.\d+ +sandbox-node-\d/);
      await run('get deployment web -o yaml', /^ {2}availableReplicas: 2$/m);
      await run('get deployment/web service/web -o json', /"kind": "List"/);
      assert.equal(await value('get deployment web', '{.status.readyReplicas} {.spec.template.spec.containers[*].name}'), '2 web side');
      await run('get pods --sort-by=.metadata.name -l app=web -o name', /^pod\/web-.*\npod\/web-.*\n$/);
      await run('get pods --field-selector=status.phase=Running --no-headers', /Running/);
      await run('get pods -o custom-columns=N:.metadata.name,P:.status.phase', /^N +P\nweb-/);
      await run('get all', /replicaset\.apps\/web-\w+ +2 +2 +2/);
      await run('get endpoints,endpointslices', /10\.244\.\d+\.\d+:80,10\.244\.\d+\.\d+:80/);
      await run('get nodes -o wide', /^sandbox-node-1 +Ready +<none> +\d+[smh].* v1\.34\.1 +10\.89\.0\.2/m);
      await run('get pods nope', /NotFound/, 1);
      await run('get --raw /version', /"minor":"34"/);
      const watching = kubectl.follow('-n', namespace, 'get', 'pods', '--watch', '--output-watch-events');
      await watching.printed(/ADDED +web-/);
      await run('run seen --image=seen:1 --labels=a=b', /pod\/seen created/);
      await watching.printed(/MODIFIED +seen +1\/1 +Running/);
      await run('delete pod seen --timeout=50s', /"seen" deleted/);
      await watching.printed(/DELETED +seen/);
      watching.stop();
    });

    test('describe and events', async () => {
      await run('describe pod -l app=web', /^Node: +sandbox-node-\d\/10\.89\.0\.\d+$/m);
      await run('describe pod -l app=web', /Normal +Scheduled .* default-scheduler +Successfully assigned/);
      await run('describe deployment web', /^Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable$/m);
      await run('describe service web', /^Endpoints: +10\.244\./m);
      await run('describe node sandbox-node-1', /^ {2}Ready +True/m);
      await run('describe configmap settings', /^a:$/m);
      await run('events', /Created pod: web-/);
      await run('events --for deployment/web', /ScalingReplicaSet +Deployment\/web +Scaled up replica set/);
      await run('get events --sort-by=.lastTimestamp', /Scheduled/);
    });

    test('apply, diff, edit, patch, label, annotate, set', async () => {
      await run('apply -f web.yaml', /deployment\.apps\/web unchanged/);
      await kubectl.write('changed.yaml', WEB.replace('a: "1"', 'a: "2"'));
      await run('diff -f changed.yaml', /^\+ {2}a: "2"$/m, 1);
      await run('apply -f changed.yaml --dry-run=server', /configmap\/settings configured \(server dry run\)/);
      await run('apply -f changed.yaml', /configmap\/settings configured/);
      await run('diff -f changed.yaml', /^$/);
      await run('apply --server-side -f web.yaml', /conflict/, 1);
      await run('apply --server-side -f web.yaml --force-conflicts', /configmap\/settings serverside-applied/);
      await run('diff --server-side -f changed.yaml --force-conflicts', /^\+ {2}a: "2"$/m, 1);
      await kubectl.write('edit.sh', '#!/bin/sh\nsed -i \'s/^  a: .*/  a: "77"/\' "$1"\n');
      await run('edit configmap settings', /edited/);
      await run('patch deployment web -p', /patched/, 0, '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:2"}]}}}}');
      await run('patch configmap settings --type=merge -p', /patched/, 0, '{"data":{"b":"3"}}');
      await run('patch configmap settings --type=json -p', /patched/, 0, '[{"op":"test","path":"/data/a","value":"77"},{"op":"remove","path":"/data/b"}]');
      assert.equal(await value('get configmap settings', '{.data}'), '{"a":"77"}');
      assert.equal(await value('get deployment web', '{.spec.template.spec.containers[*].image}'), 'nginx:1 side:2');
      await run('label deployment web tier=front', /labeled/);
      await run('label deployment web tier=back', /already has a value/, 1);
      await run('annotate deployment web note=hello', /annotated?$/m);
      await run('set env deployment/web -c web A=2', /updated/);
      await run('set resources deployment web -c web --limits=cpu=100m', /updated/);
      await run('set image deployment/web web=nginx:2', /image updated/);
      await kubectl.write('whole.yaml', (await run('get configmap settings -o yaml', undefined)).out.replace('77', '78'));
      await run('replace -f whole.yaml', /replaced/);
    });

    test('scale, rollout, autoscale, expose', async () => {
      await run('rollout status deployment/web --timeout=50s', /successfully rolled out/);
      await run('scale deployment web --replicas=3 --current-replicas=2', /scaled/);
      await run('rollout status deployment web --timeout=50s', /successfully rolled out/);
      await run('rollout history deployment/web', /^2 +<none>$/m);
      await run('rollout restart deployment/web', /restarted/);
      await run('rollout status deployment/web --timeout=50s', /successfully rolled out/);
      await run('rollout pause deployment/web', /paused/);
      await run('rollout resume deployment/web', /resumed/);
      await run('rollout undo deployment/web', /rolled back/);
      await run('rollout status deployment/web --timeout=50s', /successfully rolled out/);
      await run('autoscale deployment web --max=3 --min=1 --cpu-percent=50', /autoscaled/);
      await run('describe hpa web', /^Reference: +Deployment\/web$/m);
      await run('delete hpa web', /deleted/);
      await run('expose deployment web --name=front --port=80 --type=LoadBalancer', /exposed/);
      await run('wait service/front --for=jsonpath={.status.loadBalancer.ingress[0].ipMode}=VIP --timeout=50s', /condition met/);
    });

    test('wait, logs, exec', async () => {
      await run('wait deployment/web --for=condition=Available --timeout=50s', /condition met/);
      await run('wait pod -l app=web --for=condition=Ready --timeout=50s', /condition met/);
      await run('wait deployment/web --for=condition=Never --timeout=1s', /timed out/, 1);
      await run('apply -f crash.yaml', /created/);
      const following = kubectl.follow('-n', namespace, 'logs', '-f', 'deployment/web', '-c', 'web');
      await following.printed(/starting web/);
      following.stop();
      await run('logs -l app=web -c web --tail=1 --prefix', /^\[pod\/web-\w+-\w+\/web\] /m);
      await run('logs -l app=web --all-containers --timestamps --since=1h', /starting/);
      await run('wait pod/crash --for=jsonpath={.status.containerStatuses[0].restartCount}=1 --timeout=50s', /condition met/);
      await run('logs crash', /starting c/);
      await run('logs crash --previous', /fatal: can not go on/);
      await run('exec crash -- true', /exec|not (supported|served|found|allowed)|Forbidden|NotFound|forbidden/i, 1);
      const gone = run('wait pod/crash --for=delete --timeout=50s', undefined);
      await run('delete pod crash --grace-period=0 --force', /"crash" force deleted/);
      await gone;
    });

    test('explain, auth, api-resources', async () => {
      await run('explain deployment.spec.strategy', /rollingUpdate/);
      await run('explain pod --recursive', /terminationGracePeriodSeconds/);
      await run('explain rollout.spec.strategy.canary.steps', /setWeight/);
      await run('auth can-i create pods', /^yes/);
      await run('auth can-i delete nodes --as=jane', /no/, 1);
      await run('auth can-i --list', /\*\.\*/);
      await run('auth whoami', /sluice/);
      await run('api-resources', /^rollouts +ro +argoproj\.io\/v1alpha1 +true +Rollout$/m);
      await run('api-resources --verbs=list --namespaced=false -o name', /^nodes$/m);
      await run('api-versions', /^policy\/v1$/m);
      await run('cluster-info', /is running at/);
      await run('version', /Server Version: .*v1\.34\.1/);
    });

    test('create of the typed kinds', async () => {
      const lines: readonly string[] = [
        'deployment typed --image=nginx --replicas=1',
        'configmap typed --from-literal=a=b',
        'secret generic typed --from-literal=a=b',
        'serviceaccount typed',
        'service clusterip typed --tcp=80:8080',
        'service nodeport typed-node --tcp=80:8080',
        'service loadbalancer typed-lb --tcp=80:8080',
        'service externalname typed-ext --external-name=a.b',
        'job typed --image=busybox -- sh -c true',
        'role typed --verb=get --resource=pods',
        'rolebinding typed --role=typed --serviceaccount=default:default',
        `clusterrole ${namespace} --verb=get --resource=nodes`,
        `clusterrolebinding ${namespace} --clusterrole=${namespace} --user=jane`,
        'quota typed --hard=pods=50',
        'poddisruptionbudget typed --selector=app=typed --min-available=1',
        'ingress typed --rule=a.b/*=web:80',
      ];
      for (const line of lines) await run(`create ${line}`, /created/);
      await run('create token typed', /^ey[\w-]+\.[\w-]+\.[\w-]+\s*$/);
      await run('wait job/typed --for=condition=Complete --timeout=50s', /condition met/);
      await run('describe job typed', /^Pods Statuses: +0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed$/m);
      await run('describe quota typed', /^pods +\d+ +50$/m);
      await run('describe pdb typed', /^Min available: +1$/m);
      await run('describe ingress typed', /a\.b/);
      await run('get job,role,rolebinding,quota,pdb,ingress', /job\.batch\/typed .*1\/1/);
      await run(`delete clusterrole,clusterrolebinding ${namespace}`, /deleted/);
    });

    test('evict, cordon, delete', async () => {
      await run('wait pod -l app=typed --for=condition=Ready --timeout=50s', /condition met/);
      const node = await value('get pods -l app=typed', '{.items[0].spec.nodeName}');
      await run(`cordon ${node}`, /cordoned/);
      await run(`get node ${node}`, /Ready,SchedulingDisabled/);
      await run(`drain ${node} --ignore-daemonsets --force --pod-selector=app=typed --timeout=2s`, /Cannot evict pod as it would violate the pod's disruption budget/, 1);
      await run('delete pdb typed', /deleted/);
      await run(`drain ${node} --ignore-daemonsets --force --pod-selector=app=typed --timeout=50s`, /drained/);
      await run(`uncordon ${node}`, /uncordoned/);
      await run('rollout status deployment/typed --timeout=50s', /successfully rolled out/);
      await run('delete deployment web --cascade=orphan', /deleted/);
      await run('get rs -l app=web', /^web-/m);
      await run('delete rs -l app=web --cascade=foreground --timeout=50s', /deleted/);
      assert.equal((await run('get rs -l app=web -o name', undefined)).out, '');
      await run('delete configmap,secret --all --timeout=50s', /"typed" deleted/);
      await run(`delete namespace ${namespace} --timeout=50s`, /deleted/);
    });
  });
}
