// The small languages: durations, quantities, times, JSONPath, conditions, templates and settings of notifications, PromQL, MQE; and text on its way to the screen.

import { readYamlValue } from '../../src/app/yaml-text.js';
import { evaluateCondition, evaluateTime } from '../../src/decide/expression/evaluate.js';
import { fromJson } from '../../src/decide/expression/json-value.js';
import { resolve } from '../../src/decide/rollout/int-or-percent.js';
import { pauseDurationMs } from '../../src/decide/rollout/pause.js';
import { compileTemplate } from '../../src/go-template/template.js';
import { fromObject } from '../../src/go-template/values.js';
import { formatGoDuration, parseGoDuration } from '../../src/lib/go-duration.js';
import { parseFloat64, parseInt64 } from '../../src/lib/go-number.js';
import { parseTime } from '../../src/lib/instant.js';
import { findColumn, findJsonPath } from '../../src/lib/json-path.js';
import { applyMergePatch } from '../../src/lib/merge-patch.js';
import { canonicalQuantity, parseQuantity } from '../../src/lib/quantity.js';
import { cut, pad, sanitise, textWidth, wrap } from '../../src/lib/text-width.js';
import { createNotifier } from '../../src/notifiers/notifier.js';
import { evaluateMqe } from '../../src/sandbox/metrics/mqe.js';
import { parsePromql } from '../../src/sandbox/promql/parse.js';
import { complaint } from './target.js';
import type { Outcome, Target } from './target.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DATA = { items: [{ metadata: { name: 'a', labels: { 'x.y/z': '1' } }, n: 1 }, { metadata: { name: 'b' }, n: 2.5 }], value: 0.97, empty: [], nothing: null };
const WIDTH = 20;

const refused = (value: unknown, what: string): Outcome => (value === undefined ? `${what} is refused` : undefined);

const TEMPLATES = [
  '{{range $i, $c := .items}}{{if $i}}, {{end}}{{$c.metadata.name | upper | printf "%-5s|"}}{{else}}none{{end}}', '{{- with .value -}} {{printf "%.2f %v" . $.items}} {{- end -}}', '{{$x := index .items 0}}{{if and (eq $x.n 1) (not .empty)}}{{toJson $x}}{{end}}',
  '{{define "a"}}{{.}}{{end}}{{template "a" dict "b" (list 1 2.5 "c")}}', '{{/* c */}}{{regexReplaceAll "(a+)" "baab" "<$1>"}} {{add 1 2 | mul 3}} {{now | date "2006-01-02"}}', '{{"\\u00e9" | b64enc}}{{trunc 3 `raw`}}{{join "," (splitList "." "a.b")}}',
];
const DURATIONS = ['5m', '1h30m', '300ms', '1.5h', '-2s', '10us', '1h2m3s4ms'];
const CONDITIONS = [
  'result >= 0.95', 'result[0] > 0.9 && len(result) < 5', 'all(result, {# > 1})', 'default(result, 0) < 0.05', 'isNaN(result) || isInf(result)', 'result.items[0].n in [1, 2, 3]', 'result?.value ?? 0 == 1',
  'asInt(result.value) == 0 ? true : false', 'any(1..10, # % 2 == 0)', 'result.name matches "^a+$"', 'duration("1h").Hours() > now().Year()', 'sum(map(result.items, .n)) >= 3.5', 'filter(result, {.ok}) | len() > 0',
];

function checkWidth(text: string): Outcome {
  const clean = sanitise(text);
  const short = cut(clean, WIDTH);
  if (textWidth(short) > WIDTH) throw new Error(`cut leaves ${textWidth(short)} of ${WIDTH} columns`);
  if (textWidth(pad(clean, WIDTH)) !== WIDTH) throw new Error('pad does not fill its columns');
  for (const line of wrap(clean, WIDTH, 5)) if (textWidth(line) > WIDTH) throw new Error('wrap leaves a line too long');
  return undefined;
}

export const LIB_TARGETS: readonly Target[] = [
  { name: 'go durations', type: 'text', samples: DURATIONS, run: (text) => {
    const parsed = parseGoDuration(text);
    // What is printed of it can be read again.
    if (parsed !== undefined && parseGoDuration(formatGoDuration(parsed)) === undefined) throw new Error(`${formatGoDuration(parsed)} is not read again`);
    return refused(parsed, 'the duration');
  } },
  { name: 'pause durations', type: 'text', samples: [...DURATIONS, '30', '-1'], run: (text) => (Number(pauseDurationMs({ duration: text })) < 0 ? 'the duration is refused' : undefined) },
  { name: 'quantities', type: 'text', samples: ['100m', '1Gi', '0.5', '1e3', '12E', '-1.5Ki', '9223372036854775807', '1n'], run: (text) => {
    const parsed = parseQuantity(text);
    const canonical = canonicalQuantity(text);
    if (parsed !== undefined && parseQuantity(canonical) === undefined) throw new Error(`${canonical} is not read again`);
    return refused(parsed, 'the quantity');
  } },
  { name: 'int or percent', type: 'text', samples: ['25%', '1', '100%', '33', '0%'], run: (text) => refused(resolve(text, 7, Math.ceil), 'the number') },
  { name: 'whole numbers and floats', type: 'text', samples: ['1', '-9223372036854775808', '0x1p-2', '1_000', '1e10', '0b11'], run: (text) => {
    const [whole, float] = [parseInt64(text), parseFloat64(text)];
    return 'problem' in whole && 'problem' in float ? `${whole.problem}, ${float.problem}` : undefined;
  } },
  { name: 'times', type: 'text', samples: ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.123456Z', '2026-11-21T12:00:00+02:00'], run: (text) => refused(parseTime(text), 'the time') },
  { name: 'JSONPath', type: 'text', samples: ['{$.value}', '{.items[*].metadata.name}', '{range .items[?(@.n>1)]}{.n}{"\\n"}{end}', "{.items[0]['metadata','n']}", '{..name}', '{.items[-1:]}', '{.items[0:2:1].n}', "{.items[?(@.metadata.labels.x\\.y/z=='1')].n}"], run: (text) => {
    findColumn(text, DATA);
    return complaint(findJsonPath(text, DATA));
  } },
  { name: 'conditions', type: 'text', samples: CONDITIONS, run: (text) => {
    const verdict = evaluateCondition(text, fromJson(DATA), NOW);
    return 'error' in verdict ? verdict.message : undefined;
  } },
  { name: 'conditions over anything', type: 'value', samples: [DATA, [1, 2, 3], 0.5, 'text', null], run: (value) => {
    const verdicts = CONDITIONS.map((condition) => evaluateCondition(condition, fromJson(value), NOW));
    const said = verdicts.map((verdict) => ('error' in verdict ? verdict.message : undefined));
    return said.includes(undefined) ? undefined : said[0];
  } },
  { name: 'time expressions', type: 'text', samples: ['now() - duration("1h")', 'now()', 'date("2026-11-21")', 'now() - duration("5m") + duration("1s")'], run: (text) => {
    const verdict = evaluateTime(text, NOW);
    return 'error' in verdict ? verdict.message : undefined;
  } },
  { name: 'templates of messages', type: 'text', samples: TEMPLATES, run: (text) => {
    const template = compileTemplate(text);
    return complaint(template.ok ? template.value.render(fromObject(DATA), NOW) : template);
  } },
  { name: 'settings of notifications', type: 'text', samples: ['- when: rollout.status.phase == "Paused"\n  oncePer: rollout.metadata.name\n  send: [a]', 'message: "{{.rollout.metadata.name}}"\nslack: { attachments: "[]" }', '- recipients: [slack:a]\n  triggers: [on-a]\n  selector: a in (b, c), !d', '{ url: "https://x.test/$key", headers: [{ name: a, value: b }] }'], run: (text) => {
    // One text for all: what one of them takes is good.
    const keys = ['service.webhook.a', 'template.a', 'trigger.on-a', 'subscriptions', 'context', 'defaultTriggers'];
    const notifier = createNotifier(Object.fromEntries(keys.map((key) => [key, text])), { key: 'k' }, readYamlValue);
    const rollout = { apiVersion: 'v1', kind: 'Rollout', metadata: { name: 'a', annotations: { 'notifications.argoproj.io/subscriptions': text, [`notifications.argoproj.io/subscribe.${text}`]: text, 'notified.notifications.argoproj.io': text } } };
    notifier.ofEvent({ rollout, analysisRuns: [], now: NOW }, text);
    notifier.ofConditions({ rollout, analysisRuns: [], now: NOW });
    return notifier.problems.length < keys.length ? undefined : notifier.problems[0];
  } },
  { name: 'PromQL', type: 'text', samples: ['sum(rate(istio_requests_total{reporter="source",response_code!~"5.*"}[5m])) by (app) / 2', 'histogram_quantile(0.99, sum(rate(b[1m])) by (le))', 'up{job=~"a|b"} > bool 1 and on(x) y', '-1 ^ 2 offset 5m'], run: (text) => complaint(parsePromql(text)) },
  { name: 'MQE', type: 'text', samples: ['avg(service_cpm) > 100', 'sum(a) / count(b) * 100', '(service_sla / 100)', 'latest(x) == 1'], run: (text) => complaint(evaluateMqe(text, (name) => (name.length < 20 ? [1, undefined, 3] : undefined))) },
  { name: 'text on the screen', type: 'text', samples: ['plain words', 'wide 界面 and 😀 and e\u0301', '\u001b[31mred\u001b[0m', 'a\tb\nc'], run: checkWidth },
  { name: 'merge patches by themselves', type: 'value', samples: [{ spec: { replicas: 3, template: null } }, { metadata: { labels: { a: null } } }], run: (patch) => {
    applyMergePatch(DATA, patch);
    if (Object.hasOwn(Object.prototype, 'a')) throw new Error('the patch reached the prototype of all objects');
    return undefined;
  } },
];
