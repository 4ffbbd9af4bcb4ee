// A change and a frame stay cheap with five hundred rollouts: a slow console would hold up the engine beside it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureConsole } from '../support/console-bench.js';

// The aim is 5 ms; processor time, because other work on the machine is not ours, and with room for slower machines.
const MOST_MS = 20;

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test('update and render with 500 rollouts at 200x60', () => {
  const figures = measureConsole(processorMs);
  for (const [name, ms] of Object.entries(figures)) assert.ok(ms < MOST_MS, `${name}: ${ms.toFixed(1)} ms`);
  if (process.env['FIGURES'] === '1') process.stdout.write(`${JSON.stringify(figures)}\n`);
});
