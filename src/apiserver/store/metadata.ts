// What holds for the metadata of every kind: names, labels, annotations, owners; and what an update may not change.

import { DNS_LABEL } from '../../kinds/dns-label.js';
import type { KubeObject, OwnerReference } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import type { Draft } from './kind.js';
import { MOST_ANNOTATION_BYTES, MOST_LABEL_LENGTH, MOST_NAME_LENGTH } from './limits.js';
import { forbiddenField, invalidValue, requiredValue, tooLong, type FieldError } from './status.js';

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';

type NameRule = { readonly pattern: RegExp; readonly most: number; readonly text: string };

const regex = (text: string): string => `regex used for validation is '${text}'`;

const EDGES = 'and must start and end with an alphanumeric character';

const NAME_RULES = {
  subdomain: {
    pattern: new RegExp(`^${SUBDOMAIN}$`),
    most: MOST_NAME_LENGTH,
    text: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${EDGES} (e.g. 'example.com', ${regex(SUBDOMAIN)})`,
  },
  label: DNS_LABEL,
  'dns-1035': {
    pattern: new RegExp(`^${LABEL_1035}$`),
    most: MOST_LABEL_LENGTH,
    text:
      `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character ` +
      `(e.g. 'my-name',  or 'abc-123', ${regex(LABEL_1035)})`,
  },
} satisfies Record<string, NameRule>;

function nameRule(kind: string): NameRule {
  if (kind === 'Namespace') return NAME_RULES.label;
  return kind === 'Service' ? NAME_RULES['dns-1035'] : NAME_RULES.subdomain;
}

const STANDARD_FINALIZERS = ['foregroundDeletion', 'orphan', 'kubernetes'];

const checkFinalizer = (finalizer: string, index: number): readonly FieldError[] => {
  const errors = checkKey('metadata.finalizers', finalizer);
  if (errors.length > 0 || finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return errors;
  return [invalidValue(`metadata.finalizers[${index}]`, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')];
};

function checkName(draft: Draft): readonly FieldError[] {
  const { name, generateName = '' } = draft.metadata;
  const rule = nameRule(draft.kind);
  // What follows it is fine by itself, so that it may end with what a name may not.
  if (generateName !== '' && !rule.pattern.test(`${generateName}x`))
    return [
      invalidValue('metadata.generateName', generateName, rule.text),
      ...(rule.pattern.test(name) ? [] : [invalidValue('metadata.name', name, rule.text)]),
    ];
  if (name === '') return [requiredValue('metadata.name', 'name or generateName is required')];
  if (name.length > rule.most) return [invalidValue('metadata.name', name, `must be no more than ${rule.most} characters`)];
  return rule.pattern.test(name) ? [] : [invalidValue('metadata.name', name, rule.text)];
}

const LABEL_VALUE_PATTERN = new RegExp(`^${LABEL_VALUE}$`);
const QUALIFIED_PATTERN = new RegExp(`^${QUALIFIED}$`);
const SUBDOMAIN_PATTERN = NAME_RULES.subdomain.pattern;

function checkKey(field: string, key: string): readonly FieldError[] {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== undefined && !SUBDOMAIN_PATTERN.test(prefix)) return [invalidValue(field, key, `prefix part ${NAME_RULES.subdomain.text}`)];
  if (name.length <= MOST_LABEL_LENGTH && QUALIFIED_PATTERN.test(name)) return [];
  const text = `name part must consist of alphanumeric characters, '-', '_' or '.', ${EDGES} (e.g. 'MyName',  or 'my.name',  or '123-abc', ${regex(QUALIFIED)})`;
  return [invalidValue(field, key, name.length > MOST_LABEL_LENGTH ? `name part must be no more than ${MOST_LABEL_LENGTH} characters` : text)];
}

const LABEL_VALUE_TEXT =
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${EDGES} ` +
  `(e.g. 'MyValue',  or 'my_value',  or '12345', ${regex(LABEL_VALUE)})`;

function checkTextMap(field: string, map: unknown, checkValue: (value: string) => readonly FieldError[]): readonly FieldError[] {
  if (map === undefined) return [];
  if (!isRecord(map)) return [invalidValue(field, map, 'must be an object of strings')];
  return Object.entries(map).flatMap(([key, value]) =>
    typeof value === 'string' ? [...checkKey(field, key), ...checkValue(value)] : [invalidValue(field, value, 'must be a string')],
  );
}

const checkLabelValue = (value: string): readonly FieldError[] => {
  if (value.length > MOST_LABEL_LENGTH) return [invalidValue('metadata.labels', value, `must be no more than ${MOST_LABEL_LENGTH} characters`)];
  return LABEL_VALUE_PATTERN.test(value) ? [] : [invalidValue('metadata.labels', value, LABEL_VALUE_TEXT)];
};

function checkAnnotationSize(annotations: Readonly<Record<string, string>> | undefined): readonly FieldError[] {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) bytes += key.length + value.length;
  return bytes > MOST_ANNOTATION_BYTES ? [tooLong('metadata.annotations', MOST_ANNOTATION_BYTES)] : [];
}

const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'] as const;

function checkOwners(owners: readonly OwnerReference[] | undefined): readonly FieldError[] {
  if (owners === undefined) return [];
  const missing = owners
    .flatMap((owner) => OWNER_FIELDS.filter((key) => (owner[key] ?? '') === ''))
    .map((key) => invalidValue(`metadata.ownerReferences.${key}`, '', `${key === 'apiVersion' ? 'version ' : ''}must not be empty`));
  for (const { apiVersion, kind, name, uid } of owners)
    if (kind === 'Event' && apiVersion === 'v1')
      missing.push(invalidValue('metadata.ownerReferences', { apiVersion, kind, name, uid }, '/v1, Kind=Event is disallowed from being an owner'));
  const managers = owners.filter((owner) => owner.controller === true);
  if (managers.length < 2) return missing;
  const named = managers.map((owner) => `${owner.kind}/${owner.name}`).join(' and ');
  return [
    ...missing,
    invalidValue('metadata.ownerReferences', owners, `Only one reference can have Controller set to true. Found "true" in references for ${named}`),
  ];
}

export function validateMetadata(draft: Draft): readonly FieldError[] {
  const { labels, annotations, ownerReferences, finalizers } = draft.metadata;
  return [
    ...checkName(draft),
    ...checkTextMap('metadata.labels', labels, checkLabelValue),
    ...checkTextMap('metadata.annotations', annotations, () => []),
    ...checkAnnotationSize(annotations),
    ...checkOwners(ownerReferences),
    ...(finalizers ?? []).flatMap(checkFinalizer),
  ];
}

/** A client may rewrite the owners of fields, and clears them with one empty entry; what it leaves out, or can not be read, is as before. */
function carryManagedFields(metadata: Draft['metadata'], before: KubeObject['metadata']): void {
  // Untouched, as in most patches: looking at them would work out owners that nobody asked for.
  if (metadata.managedFields === before.managedFields) return;
  const sent: readonly unknown[] = metadata.managedFields ?? [];
  if (sent.length === 1 && isRecord(sent[0]) && Object.keys(sent[0]).length === 0) {
    delete metadata.managedFields;
    return;
  }
  const usable = sent.length > 0 && sent.every((entry) => isRecord(entry) && typeof entry['manager'] === 'string' && isRecord(entry['fieldsV1']));
  if (usable) return;
  if (before.managedFields === undefined) delete metadata.managedFields;
  else metadata.managedFields = before.managedFields;
}

/** What the server alone sets is carried over; what may not change is told. */
export function carryMetadata(draft: Draft, old: KubeObject): readonly FieldError[] {
  const { metadata } = draft;
  const before = old.metadata;
  const errors: FieldError[] = [];
  if (metadata.name !== before.name) errors.push(invalidValue('metadata.name', metadata.name, 'field is immutable'));
  for (const key of [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'namespace',
    'generateName',
    'resourceVersion',
  ] as const) {
    if (before[key] === undefined) delete metadata[key];
    else Object.assign(metadata, { [key]: before[key] });
  }
  carryManagedFields(metadata, before);
  if (before.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((finalizer) => before.finalizers?.includes(finalizer) !== true);
    if (added.length > 0) {
      const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
      errors.push(
        forbiddenField('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`),
      );
    }
  }
  return errors;
}
