// The template language against what Go's documentation of text/template, fmt and sprig says of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTemplate } from '../../src/go-template/template.js';
import { fromObject } from '../../src/go-template/values.js';

const NOW = Date.parse('2026-03-04T05:06:07Z');

const DATA = fromObject({
  name: 'checkout',
  empty: '',
  zero: 0,
  replicas: 5,
  ratio: 0.25,
  yes: true,
  no: false,
  nothing: null,
  spec: { containers: [{ name: 'app', image: 'demo:blue' }, { name: 'side', image: 'proxy:1' }], strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } },
  labels: { b: '2', a: '1', 'with-dash': 'x' },
  words: ['x', 'y', 'z'],
  text: 'größe',
});

function run(source: string): string {
  const template = compileTemplate(source);
  if (!template.ok) return `compile: ${template.error}`;
  const rendered = template.value.render(DATA, NOW);
  return rendered.ok ? rendered.value : `run: ${rendered.error}`;
}

function table(name: string, rows: readonly (readonly [source: string, wanted: string])[]): void {
  test(name, () => {
    for (const [source, wanted] of rows) assert.equal(run(source), wanted, source);
  });
}

table('text and actions', [
  ['plain', 'plain'],
  ['', ''],
  ['a {{.name}} b', 'a checkout b'],
  ['{{"quoted \\"text\\" \\u00e9\\n"}}', 'quoted "text" é\n'],
  ['{{`raw \\n`}}', 'raw \\n'],
  ["{{'a'}}", '97'],
  ['{{0x1F}} {{1_000}} {{-3}} {{1.5}} {{1e3}}', '31 1000 -3 1.5 1000'],
  ['{{/* a comment }} */}}x', 'x'],
  ['{{.missing}}', '<no value>'],
  ['{{.replicas}} {{.ratio}} {{.yes}} {{.nothing}}', '5 0.25 true <no value>'],
  ['{{.labels}}', 'map[a:1 b:2 with-dash:x]'],
  ['{{.words}}', '[x y z]'],
  ['{{.text}} {{len .text}}', 'größe 7'],
  ['{{$.name}}', 'checkout'],
]);

table('trim markers', [
  ['{{23 -}} < {{- 45}}', '23<45'],
  ['a \n {{- .name -}} \n b', 'acheckoutb'],
  ['a {{- /* away */ -}} b', 'ab'],
  ['a {{-3}} b', 'a -3 b'],
]);

table('pipelines, variables and parentheses', [
  ['{{.name | printf "%s-%d" | printf "<%s>"}}', '<checkout-%!d(MISSING)>'],
  ['{{printf "%q" (print "a" 1)}}', '"a1"'],
  ['{{$x := 1}}{{$x}}{{$x = 2}}{{$x}}', '12'],
  ['{{$x := "a"}}{{if true}}{{$x = "b"}}{{end}}{{$x}}', 'b'],
  ['{{$x := "a"}}{{if true}}{{$x := "b"}}{{$x}}{{end}}{{$x}}', 'ba'],
  ['{{with $x := .name}}{{$x}}{{end}}', 'checkout'],
  ['{{(index .spec.containers 1).image}}', 'proxy:1'],
  ['{{index .labels "with-dash"}}', 'x'],
  ['{{index .spec.containers 0 "name"}}', 'app'],
  ['{{slice .words 1 2}} {{slice .name 0 5}}', '[y] check'],
]);

table('if, with and range', [
  ['{{if .empty}}a{{else if .zero}}b{{else if .no}}c{{else}}d{{end}}', 'd'],
  ['{{if .words}}a{{end}}{{if .nothing}}b{{end}}', 'a'],
  ['{{if and .yes (not .no) (eq .name "checkout")}}a{{end}}', 'a'],
  ['{{or .empty .zero "last"}} {{and .yes "last"}} {{and .empty .name}}.', 'last last .'],
  ['{{with .spec.strategy.canary}}{{len .steps}}{{else}}none{{end}}', '2'],
  ['{{with .spec.strategy.blueGreen}}x{{else}}none{{end}}', 'none'],
  ['{{with .empty}}x{{else with .name}}{{.}}{{end}}', 'checkout'],
  ['{{range .words}}{{.}},{{end}}', 'x,y,z,'],
  ['{{range $i, $w := .words}}{{if $i}}, {{end}}{{$i}}={{$w}}{{end}}', '0=x, 1=y, 2=z'],
  ['{{range $w := .words}}{{$w}}{{$.name}};{{end}}', 'xcheckout;ycheckout;zcheckout;'],
  ['{{range $k, $v := .labels}}{{$k}}={{$v}} {{end}}', 'a=1 b=2 with-dash=x '],
  ['{{range .missing}}x{{else}}none{{end}}', 'none'],
  ['{{range .words}}{{if eq . "y"}}{{continue}}{{end}}{{.}}{{end}}', 'xz'],
  ['{{range .words}}{{if eq . "y"}}{{break}}{{end}}{{.}}{{end}}', 'x'],
  ['{{range 3}}{{.}}{{end}}', '012'],
]);

table('named templates', [
  ['{{define "row"}}[{{.name}}]{{end}}{{range .spec.containers}}{{template "row" .}}{{end}}', '[app][side]'],
  ['{{block "head" .}}H {{.name}}{{end}}', 'H checkout'],
  ['{{template "missing"}}', 'run: line 1: template "missing" is not defined'],
]);

table('comparison', [
  ['{{eq .replicas 5}} {{eq .replicas 5.0}} {{ne .replicas 4}} {{lt .ratio 1}} {{ge .replicas 5}}', 'true true true true true'],
  ['{{eq .name "a" "b" "checkout"}} {{eq .name "a" "b"}}', 'true false'],
  ['{{eq .nothing nil}} {{eq .name nil}}', 'true false'],
  ['{{lt "a" "b"}} {{gt 2 1}} {{le 2 1}}', 'true true false'],
  ['{{eq .name 1}}', 'run: line 1: error calling eq: incompatible types for comparison (string and int)'],
  ['{{eq .words .words}}', 'run: line 1: error calling eq: non-comparable type []interface {}'],
]);

table('printing', [
  ['{{printf "%d|%5d|%-5d|%05d|%x|%c|%U" 42 42 42 42 255 65 0x1F600}}', '42|   42|42   |00042|ff|A|U+1F600'],
  ['{{printf "%s|%10s|%-10s|%.3s|%q" .name .name .name .name .name}}', 'checkout|  checkout|checkout  |che|"checkout"'],
  ['{{printf "%.2f|%8.3f|%g|%e|%v" .ratio .ratio 1e21 1500.0 .ratio}}', '0.25|   0.250|1e+21|1.500000e+03|0.25'],
  ['{{printf "%d %.1f" 5.0 .replicas}}', '5 5.0'],
  ['{{printf "%t %v %%" .yes .labels.a}}', 'true 1 %'],
  ['{{printf "%d" "x"}}', '%!d(string=x)'],
  ['{{printf "%s" "a" "b"}}', 'a%!(EXTRA string=b)'],
  ['{{printf "%*d|%-*d|" 4 7 4 7}}', '   7|7   |'],
  ['{{print "a" 1 2 "b"}} {{println 1 "x"}}', 'a1 2b 1 x\n'],
  ['{{html "<a href=\'x\'>&</a>"}}', '&lt;a href=&#39;x&#39;&gt;&amp;&lt;/a&gt;'],
  ['{{urlquery "a b&c=d/é"}}', 'a+b%26c%3Dd%2F%C3%A9'],
  ['{{js "it\'s <b>"}}', "it\\'s \\u003Cb\\u003E"],
]);

table('what is wrong is told, with the line', [
  ['{{.name', 'compile: line 1: an action is not closed: "}}" is missing'],
  ['x\n{{if .a}}', 'compile: line 2: {{if}} has no {{end}}'],
  ['{{end}}', 'compile: line 1: {{end}} belongs to nothing'],
  ['{{nosuch 1}}', 'compile: line 1: function "nosuch" is not known here'],
  ['{{$x}}', 'compile: line 1: undefined variable "$x"'],
  ['{{env "HOME"}}', 'compile: line 1: function "env" is not known here'],
  ['\n{{.missing.deeper}}', 'run: line 2: nil pointer evaluating interface {}.deeper'],
  ['{{.name.first}}', "run: line 1: can't evaluate field first in type string"],
  ['{{.name 1}}', 'run: line 1: name is not a method but has arguments'],
  ['{{index .words 3}}', 'run: line 1: error calling index: index out of range: 3'],
  ['{{len 3}}', 'run: line 1: error calling len: len of type int'],
  ['{{break}}', 'compile: line 1: {{break}} stands outside of a {{range}}'],
  ['{{upper}}', 'run: line 1: wrong number of args for upper: want 1 got 0'],
  ['{{fail "no owner"}}', 'run: line 1: no owner'],
]);

table('limits', [
  ['{{range 10000}}{{range 10000}}{{end}}{{end}}', 'run: gave up after 200000 steps'],
  ['{{range until 10000}}{{repeat 1000 "abc"}}{{end}}', 'run: a text would be longer than 262144 bytes'],
  ['{{repeat 1000000 "abc"}}', 'run: line 1: a text would be longer than 262144 bytes'],
  ['{{range 1000000}}{{end}}', "run: a list would have more than 10000 items"],
  ['{{$l := until 10000}}{{range until 1000}}{{$x := has "x" $l}}{{end}}', 'run: line 1: gave up after 200000 steps'],
  ['{{$t := repeat 100000 "ab"}}{{range until 1000}}{{$x := upper $t}}{{end}}', 'run: line 1: gave up after 200000 steps'],
  ['{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', 'run: line 1: templates use each other more than 50 deep'],
  [`{{${'('.repeat(200)}1${')'.repeat(200)}}}`, 'compile: line 1: blocks or parentheses stand more than 100 deep in each other'],
]);

table('sprig: texts', [
  ['{{upper .text}} {{title "hello world"}} {{lower "ÄB"}}', 'GRÖSSE Hello World äb'],
  ['{{trim "  a "}}|{{trimAll "$" "$5$"}}|{{trimSuffix "-x" "a-x"}}|{{trimPrefix "v" "v1"}}', 'a|5|a|1'],
  ['{{trunc 5 .name}} {{trunc -3 .name}} {{abbrev 5 .name}} {{substr 1 3 .name}}', 'check out ch... he'],
  ['{{quote .name .replicas}} {{squote .name}}', '"checkout" "5" \'checkout\''],
  ['{{replace "o" "0" .name}} {{nospace "a b  c"}} {{cat 1 "b"}}', 'check0ut abc 1 b'],
  ['{{indent 2 "a\\nb"}}|{{nindent 2 "a"}}', '  a\n  b|\n  a'],
  ['{{.words | join ","}} {{splitList "," "a,b" | last}} {{sortAlpha (list "b" "a")}}', 'x,y,z b [a b]'],
  ['{{contains "eck" .name}} {{hasPrefix "ch" .name}} {{hasSuffix "x" .name}}', 'true true false'],
  ['{{snakecase "FirstName"}} {{camelcase "http_server"}} {{kebabcase "FirstName"}} {{initials "First Try"}}', 'first_name HttpServer first-name FT'],
  ['{{b64enc "hé"}} {{b64dec "aMOp"}}', 'aMOp hé'],
  ['{{regexMatch "^[a-z]+$" .name}} {{regexFind "[0-9]+" "a12b3"}} {{regexFindAll "[0-9]" "a1b2" -1}} {{regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W"}}', 'true 12 [1 2] -W-xxW-'],
  ['{{regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}"}}', '-${1}-${1}-'],
  ['{{plural "one" "many" (len .words)}} {{repeat 3 "ab"}}', 'many ababab'],
]);

table('sprig: numbers, lists, maps', [
  ['{{add .replicas 1}} {{add1 1}} {{sub 5 2}} {{mul 2 3 4}} {{div 7 2}} {{mod 7 2}} {{max 1 5 3}} {{min 4 2}}', '6 2 3 24 3 1 5 2'],
  ['{{floor 1.9}} {{ceil 1.1}} {{round 1.2355 2}} {{atoi "12"}} {{int "7"}} {{float64 "1.5"}}', '1 2 1.24 12 7 1.5'],
  ['{{div 1 0}}', 'run: line 1: error calling div: division by zero'],
  ['{{until 4}} {{untilStep 3 9 3}}', '[0 1 2 3] [3 6]'],
  ['{{first .words}}{{last .words}}{{rest .words}}{{initial .words}}{{reverse .words}}', 'xz[y z][x y][z y x]'],
  ['{{append .words "w"}} {{uniq (list 1 1 2)}} {{without .words "x"}} {{has "y" .words}} {{compact (list 0 1 "")}} {{concat .words (list 1)}}', '[x y z w] [1 2] [y z] true [1] [x y z 1]'],
  ['{{$d := dict "a" 1 "b" 2}}{{get $d "a"}} {{hasKey $d "c"}} {{keys $d | sortAlpha}} {{pick $d "b"}} {{omit $d "b"}} {{(merge (dict "a" 9) $d).b}}', '1 false [a b] map[b:2] map[a:1] 2'],
  ['{{dig "spec" "strategy" "none" .}} {{dig "absent" "way" "none" .}}', 'map[canary:map[steps:[map[setWeight:20] map[pause:map[]]]]] none'],
]);

table('sprig: values and JSON', [
  ['{{default "d" .empty}} {{.name | default "d"}} {{coalesce .empty .zero 3}} {{ternary "y" "n" .yes}} {{empty .words}}', 'd checkout 3 y false'],
  ['{{toJson .labels}} {{(fromJson "{\\"a\\":[1,2]}").a}}', '{"a":"1","b":"2","with-dash":"x"} [1 2]'],
  ['{{toPrettyJson (dict "a" 1)}}', '{\n  "a": 1\n}'],
  ['{{toJson "<&>"}} {{toRawJson "<&>"}}', '"\\u003c\\u0026\\u003e" "<&>"'],
  ['{{kindOf .name}} {{kindIs "map" .labels}} {{typeOf .replicas}}', 'string true int64'],
]);

table('sprig: times', [
  ['{{now | date "2006-01-02 15:04:05 MST"}}', '2026-03-04 05:06:07 UTC'],
  ['{{dateInZone "15:04 -0700" now "Europe/Berlin"}}', '06:06 +0100'],
  ['{{htmlDate now}} {{unixEpoch now}} {{now | dateModify "-1h" | date "15:04"}}', '2026-03-04 1772600767 04:06'],
  ['{{ago (now | dateModify "-90s")}} {{duration 3700}} {{durationRound "2h10m5s"}}', '1m30s 1h1m40s 2h'],
  ['{{(toDate "2006-01-02" "2026-01-31").Format "Jan 2"}} {{now.Unix}} {{(now.Add 0).Year}}', 'run: line 1: wrong type for value; expected time.Duration; got int'],
  ['{{(toDate "2006-01-02" "2026-01-31").Format "Jan 2"}} {{now.Unix}}', 'Jan 31 1772600767'],
]);
