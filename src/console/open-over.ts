// Which object a key means that opens a screen: what is under the cursor, or what the screen on top is about.

import { type Model, topPage } from './model.js';
import { subjectOf } from './find-object.js';
import { type PageId, type PageTarget, rolloutSubject, type Subject } from './page.js';
import { pageScreen } from './screens/pages.js';
import { findRow, gatherDetail } from './screens/rollout/contents.js';
import { findLine, gatherPage } from './screens/page/contents.js';
import { findCursor, visibleLists } from './screens/rollouts/lists.js';

/** What is under the cursor and what the screen is about, the closest first; the rollout is always the last. */
export function subjectsAt(model: Model): { readonly key: string; readonly subjects: readonly Subject[] } | undefined {
  const page = topPage(model);
  if (page !== undefined) {
    const { lines, screen: shown } = gatherPage(model, page);
    const link = shown.form === 'table' ? lines[findLine(lines, page.cursor)]?.link : undefined;
    const key = link?.key ?? page.key;
    // Of no rollout: a list of clusters, or of what became of one that is gone.
    if (key === '') return undefined;
    return { key, subjects: [...(link === undefined ? [] : [link.subject]), page.subject, rolloutSubject(key)] };
  }
  const { detail } = model;
  if (model.screen === 'rollout' && detail !== undefined) {
    const rows = gatherDetail(model, detail)?.rows ?? [];
    const object = detail.section === 'revisions' ? rows[findRow(rows, detail.row)]?.object : undefined;
    return { key: detail.key, subjects: [...(object === undefined ? [] : [subjectOf(object)]), rolloutSubject(detail.key)] };
  }
  const key = findCursor(visibleLists(model.board, model.list), model.list)?.facts.key;
  return key === undefined ? undefined : { key, subjects: [rolloutSubject(key)] };
}

/** The first of them that the screen can be about. Undefined where there is no rollout that it could be of. */
export function targetFor(model: Model, screen: PageId): PageTarget | undefined {
  if (screen === 'contexts' || screen === 'recent' || screen === 'output') return { screen, key: '', subject: rolloutSubject('') };
  const at = subjectsAt(model);
  if (at === undefined) return undefined;
  const { about } = pageScreen(screen);
  const subject = at.subjects.find((each) => about === undefined || about.includes(each.kind)) ?? rolloutSubject(at.key);
  return { screen, key: at.key, subject };
}
