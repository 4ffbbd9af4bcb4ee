// Which object a key means that opens a screen: what is under the cursor, or what the screen on top is about.

import { type Model, topPage } from './model.js';
import { type PageId, type PageTarget, rolloutSubject } from './page.js';
import { findRow, gatherDetail } from './screens/rollout/contents.js';
import { findLine, gatherPage } from './screens/page/contents.js';
import { findCursor, visibleLists } from './screens/rollouts/lists.js';

/** Undefined when nothing is listed. */
export function targetFor(model: Model, screen: PageId): PageTarget | undefined {
  const page = topPage(model);
  if (page !== undefined) {
    const { lines, screen: shown } = gatherPage(model, page);
    const link = shown.form === 'table' ? lines[findLine(lines, page.cursor)]?.link : undefined;
    return { screen, key: page.key, subject: link?.subject ?? page.subject };
  }
  const { detail } = model;
  if (model.screen === 'rollout' && detail !== undefined) {
    const rows = gatherDetail(model, detail)?.rows ?? [];
    const object = detail.section === 'revisions' ? rows[findRow(rows, detail.row)]?.object : undefined;
    const subject =
      object === undefined ? rolloutSubject(detail.key) : { kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
    return { screen, key: detail.key, subject };
  }
  const key = findCursor(visibleLists(model.board, model.list), model.list)?.facts.key;
  return key === undefined ? undefined : { screen, key, subject: rolloutSubject(key) };
}
