// Which object a key means that opens a screen: what is under the cursor, or what the screen on top is about.

import { type Model, topPage } from './model.js';
import { subjectOf } from './find-object.js';
import { type PageId, type PageTarget, rolloutSubject, type Subject } from './page.js';
import { pageScreen } from './screens/pages.js';
import { findRow, gatherDetail } from './screens/rollout/contents.js';
import { findLine, gatherPage } from './screens/page/contents.js';
import { findCursor, visibleLists } from './screens/rollouts/lists.js';

/** The first of the subjects that the screen can be about, else the rollout. */
function targetOf(screen: PageId, key: string, ...subjects: readonly (Subject | undefined)[]): PageTarget {
  const { about } = pageScreen(screen);
  const subject = subjects.find((each) => each !== undefined && (about === undefined || about.includes(each.kind)));
  return { screen, key, subject: subject ?? rolloutSubject(key) };
}

/** Undefined when nothing is listed. */
export function targetFor(model: Model, screen: PageId): PageTarget | undefined {
  if (screen === 'contexts' || screen === 'recent') return { screen, key: '', subject: rolloutSubject('') };
  const page = topPage(model);
  if (page !== undefined) {
    const { lines, screen: shown } = gatherPage(model, page);
    const link = shown.form === 'table' ? lines[findLine(lines, page.cursor)]?.link : undefined;
    return targetOf(screen, link?.key ?? page.key, link?.subject, page.subject);
  }
  const { detail } = model;
  if (model.screen === 'rollout' && detail !== undefined) {
    const rows = gatherDetail(model, detail)?.rows ?? [];
    const object = detail.section === 'revisions' ? rows[findRow(rows, detail.row)]?.object : undefined;
    return targetOf(screen, detail.key, object === undefined ? rolloutSubject(detail.key) : subjectOf(object));
  }
  const key = findCursor(visibleLists(model.board, model.list), model.list)?.facts.key;
  return key === undefined ? undefined : targetOf(screen, key, rolloutSubject(key));
}
