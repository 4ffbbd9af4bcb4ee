// What is too large, and with which code a server says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYSIS_TEMPLATE, CONFIG_MAP } from '../../../src/kinds/resource-type.js';
import type { Begin } from '../api-contract.js';

const KIB = 1024;

export function limitContract(begin: Begin): void {
  test('an object just under the limit is kept, one above it is refused', async () => {
    const { create, find, refused } = await begin();
    const sized = (name: string, kib: number): object => ({ metadata: { name }, spec: { metrics: [], args: [{ name: 'a', value: 'x'.repeat(kib * KIB) }] } });
    await create(ANALYSIS_TEMPLATE, sized('fits', 1400));
    assert.equal((await refused(create(ANALYSIS_TEMPLATE, sized('above', 1700)), 500)).message, 'etcdserver: request is too large');
    assert.equal(await find(ANALYSIS_TEMPLATE, 'above'), undefined);
    const data = await refused(create(CONFIG_MAP, { metadata: { name: 'a' }, data: { k: 'x'.repeat(1025 * KIB) } }), 422, 'Invalid');
    assert.equal(data.message, 'ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes');
  });

  test('annotations have a limit of their own', async () => {
    const { create, refused } = await begin();
    const refusal = await refused(create(CONFIG_MAP, { metadata: { name: 'a', annotations: { a: 'x'.repeat(257 * KIB) } } }), 422, 'Invalid');
    assert.equal(refusal.message, 'ConfigMap "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes');
  });

  test('a JSON patch has at most ten thousand operations', async () => {
    const { create, patch, refused } = await begin();
    await create(CONFIG_MAP, { metadata: { name: 'a' }, data: { k: '1' } });
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'replace', path: '/data/k', value: '2' }));
    await refused(patch(CONFIG_MAP, 'a', 'json', operations), 413, 'RequestEntityTooLarge');
  });
}
