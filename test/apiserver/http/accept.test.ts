// Which form of answer a client gets, by what kubectl of several versions really sends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseForm, discoveryVersion } from '../../../src/apiserver/http/accept.js';

const TABLES = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const aggregated = (version: string): string => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
const AGGREGATED = `${aggregated('v2')},${aggregated('v2beta1')},application/json`;

const FORMS = [
  { name: 'none', accept: undefined, want: { type: 'plain', encoding: 'json' } },
  { name: 'kubectl get', accept: TABLES, want: { type: 'table', version: 'v1', encoding: 'json' } },
  { name: 'an older table', accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io', want: { type: 'table', version: 'v1beta1', encoding: 'json' } },
  { name: 'typed client', accept: 'application/vnd.kubernetes.protobuf,application/json', want: { type: 'plain', encoding: 'json' } },
  { name: 'quality', accept: 'application/json;q=0.5,application/yaml', want: { type: 'plain', encoding: 'yaml' } },
  { name: 'metadata only', accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', want: { type: 'metadata', list: true, encoding: 'json' } },
  { name: 'protobuf alone', accept: 'application/vnd.kubernetes.protobuf', want: undefined },
  { name: 'refused by quality', accept: 'application/json;q=0', want: undefined },
  { name: 'a table of an unknown version', accept: 'application/json;as=Table;v=v9;g=meta.k8s.io', want: undefined },
];

for (const { name, accept, want } of FORMS) {
  test(`form: ${name}`, () => assert.deepEqual(chooseForm(accept), want));
}

const DISCOVERY = [
  { name: 'newer kubectl', accept: AGGREGATED, want: 'v2' },
  { name: 'kubectl 1.27', accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json', want: 'v2beta1' },
  { name: 'plain', accept: 'application/json', want: undefined },
  { name: 'plain before aggregated', accept: 'application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', want: undefined },
];

for (const { name, accept, want } of DISCOVERY) {
  test(`discovery: ${name}`, () => assert.equal(discoveryVersion(accept), want));
}
