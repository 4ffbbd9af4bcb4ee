// Lists: selectors, and pages that all show the same revision.

import type { KubeList, KubeObject } from '../../kinds/kube-object.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiOptions, ApiStatus } from './api.js';
import type { Kind, ServedVersion } from './kind.js';
import { checkListOptions } from './list-options.js';
import { keyOf } from './object-table.js';
import type { Objects } from './objects.js';
import { badRequest, expired, tooNew, wrongRevision } from './status.js';
import { inVersion } from './versions.js';
import { objectTest } from './watch.js';

type Page = { readonly revision: number; readonly after: string };

const writeToken = (page: Page): string => btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: page.revision, start: page.after }));

function readToken(token: string): Page | undefined {
  try {
    const parsed: unknown = JSON.parse(atob(token));
    if (!isRecord(parsed) || typeof parsed['rv'] !== 'number' || typeof parsed['start'] !== 'string') return undefined;
    return { revision: parsed['rv'], after: parsed['start'] };
  } catch {
    // Not base64, or not JSON: a token that we did not make.
    return undefined;
  }
}

/** In place of a revision: the newest. */
const INCONSISTENT = -1;

const STALE_PAGE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, ' +
  'or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an ' +
  'inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

const stalePage = (after: string): ApiStatus => ({ ...expired(STALE_PAGE), metadata: { continue: writeToken({ revision: INCONSISTENT, after }) } });

type Source = { readonly revision: number; readonly objects: readonly KubeObject[] };

function source(objects: Objects, kind: Kind, namespace: string | undefined, options: ApiOptions): Result<Source, ApiStatus> {
  const table = objects.table(kind);
  const newest = objects.revision();
  if (options.continue !== undefined && options.continue !== '') {
    const page = readToken(options.continue);
    if (page === undefined) return err(badRequest('invalid continue token: continue key is not valid: it was not made by this server'));
    if (page.revision === INCONSISTENT) return ok({ revision: newest, objects: table.list(namespace, page.after) });
    const found = table.listAt(page.revision, namespace, page.after);
    return found === undefined ? err(stalePage(page.after)) : ok({ revision: page.revision, objects: found });
  }
  const asked = options.resourceVersion ?? '';
  if (!/^\d*$/.test(asked)) return err(badRequest(`invalid resource version: ${wrongRevision(asked)}`));
  if (Number(asked) > newest) return err(tooNew(Number(asked), newest));
  if (options.resourceVersionMatch === 'Exact' && asked !== '') {
    const found = table.listAt(Number(asked), namespace);
    return found === undefined
      ? err(expired(`The resourceVersion for the provided list is too old: ${asked}`))
      : ok({ revision: Number(asked), objects: found });
  }
  return ok({ revision: newest, objects: table.list(namespace) });
}

export function listObjects(
  objects: Objects,
  kind: Kind,
  version: ServedVersion,
  namespace: string | undefined,
  options: ApiOptions,
): Result<KubeList, ApiStatus> {
  const allowed = checkListOptions(options);
  if (!allowed.ok) return allowed;
  const test = objectTest(kind, options);
  if (!test.ok) return test;
  const from = source(objects, kind, namespace, options);
  if (!from.ok) return from;
  const matching = test.value === undefined ? from.value.objects : from.value.objects.filter(test.value);
  const limit = options.limit ?? 0;
  const items = limit > 0 ? matching.slice(0, limit) : matching;
  const last = items.at(-1);
  const left = matching.length - items.length;
  return ok({
    apiVersion: apiVersionOf(version.type),
    kind: `${version.type.kind}List`,
    metadata: {
      resourceVersion: String(from.value.revision),
      ...(left > 0 && last !== undefined ? { continue: writeToken({ revision: from.value.revision, after: keyOf(last) }) } : {}),
      // The real server does not count what a selector hides.
      ...(left > 0 && test.value === undefined ? { remainingItemCount: left } : {}),
    },
    items: items.map((object) => inVersion(object, version)),
  });
}
