// The contract of the API itself, on every door: one file for each thing that a server must do, each test in a namespace of its own.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { clear, stage, type Stage } from './api-door.js';
import { applyContract } from './api/apply.js';
import { customKindContract } from './api/custom-kinds.js';
import { deletionContract } from './api/deletion.js';
import { kindContract } from './api/kinds.js';
import { limitContract } from './api/limits.js';
import { pagingContract } from './api/paging.js';
import { patchContract } from './api/patches.js';
import { refusalContract } from './api/refusals.js';
import { rolloutKindContract } from './api/rollout-kinds.js';
import { subresourceContract } from './api/subresources.js';
import { watchContract } from './api/watching.js';
import type { Door, OpenDoor } from './doors.js';

/** A namespace of one's own behind the door. */
export type Begin = () => Promise<Stage>;

const PARTS: Readonly<Record<string, (begin: Begin, door: Door) => void>> = {
  'server-side apply': applyContract,
  'custom kinds': customKindContract,
  deletion: deletionContract,
  'built-in kinds': kindContract,
  limits: limitContract,
  paging: pagingContract,
  patches: patchContract,
  refusals: refusalContract,
  'the kinds of rollouts': rolloutKindContract,
  subresources: subresourceContract,
  watches: watchContract,
};

/** On a real server most of the time is waiting: its parts wait together. */
const PARTS_AT_ONCE = 6;

export function apiContract(door: Door): void {
  describe(`API contract: ${door.name}`, { concurrency: door.isReal ? PARTS_AT_ONCE : 1 }, () => {
    for (const [name, register] of Object.entries(PARTS)) {
      describe(`${name}: ${door.name}`, () => {
        let opened: OpenDoor | undefined;
        before(async () => {
          opened = await door.open();
        });
        after(async () => {
          if (opened !== undefined) await clear(opened.api);
          await opened?.close();
        });
        register(async () => {
          assert.ok(opened, 'the door is open');
          return stage(opened.api);
        }, door);
      });
    }
  });
}
