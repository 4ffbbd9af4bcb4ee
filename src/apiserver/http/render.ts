// An object or a list in the form that the client asked for: as it is, as a table, or only its metadata.

import type { KubeList, KubeObject } from '../../kinds/kube-object.js';
import type { Instant } from '../../lib/instant.js';
import type { ApiAnswer } from '../store/api.js';
import type { Form } from './accept.js';
import type { ServedType } from './catalogue.js';
import type { IncludeObject } from './query-options.js';
import type { Reply } from './reply.js';
import { jsonReply, warningHeaders } from './reply.js';
import { columnsFor, makeTable, partialMetadata } from './tables/table.js';
import type { RenderEvent } from './watch-stream.js';

export async function renderAnswer(answer: ApiAnswer, form: Form, served: ServedType, includeObject: IncludeObject, now: Instant): Promise<Reply> {
  const value = isOfType(answer.object, served) ? formed(answer.object, form, served, includeObject, now) : answer.object;
  const headers = warningHeaders(answer.warnings);
  if (form.encoding === 'json') return jsonReply(answer.code, value, headers);
  const { stringify } = await import('yaml');
  return { type: 'whole', code: answer.code, contentType: 'application/yaml', body: stringify(value, { aliasDuplicateObjects: false }), headers };
}

/** A Status or a Scale is answered as it is, whatever form was asked for. */
function isOfType(object: KubeObject | KubeList, { type, listKind }: ServedType): boolean {
  return object.kind === type.kind || object.kind === listKind;
}

function formed(object: KubeObject | KubeList, form: Form, served: ServedType, includeObject: IncludeObject, now: Instant): unknown {
  if (form.type === 'plain') return object;
  const objects = isList(object) ? object.items : [object];
  const metadata = isList(object) ? object.metadata : { resourceVersion: object.metadata.resourceVersion };
  if (form.type === 'table') return makeTable(columnsFor(served), objects, metadata, now, { version: form.version, includeObject, withDefinitions: true });
  if (!isList(object)) return partialMetadata(object, 'v1');
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map((item) => partialMetadata(item, 'v1')) };
}

const isList = (object: KubeObject | KubeList): object is KubeList => Array.isArray(object['items']) && object.kind.endsWith('List');

/** For the events of one watch: tables announce their columns in the first only. */
export function eventRenderer(form: Form, served: ServedType, includeObject: IncludeObject, now: () => Instant): RenderEvent {
  if (form.type === 'plain') return (_object, json) => json;
  if (form.type === 'metadata') return (object) => JSON.stringify(partialMetadata(object, 'v1'));
  const columns = columnsFor(served);
  let withDefinitions = true;
  return (object) => {
    const table = makeTable(columns, [object], { resourceVersion: object.metadata.resourceVersion }, now(), {
      version: form.version,
      includeObject,
      withDefinitions,
    });
    withDefinitions = false;
    return JSON.stringify(table);
  };
}
