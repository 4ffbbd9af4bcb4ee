// One column of a table: its heading as the server announces it, and how a cell is read from an object.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Instant } from '../../../lib/instant.js';
import { ageOf } from './human-duration.js';

export type Cell = string | number | boolean | null;

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, more only by `-o wide`. */
  readonly priority: number;
  readonly cell: (object: KubeObject, now: Instant) => Cell;
};

type Read = Column['cell'];

export const textColumn = (name: string, cell: Read, priority = 0): Column => ({ name, type: 'string', format: '', description: '', priority, cell });

export const wholeColumn = (name: string, cell: Read, priority = 0): Column => ({ name, type: 'integer', format: '', description: '', priority, cell });

/** Shown by `-o wide` only. */
export const wide = (name: string, cell: Read): Column => textColumn(name, cell, 1);

/** `format: name` marks the column that identifies the object. */
export const NAME: Column = { ...textColumn('Name', (object) => object.metadata.name), format: 'name' };

export const AGE: Column = textColumn('Age', (object, now) => ageOf(object.metadata.creationTimestamp, now));
