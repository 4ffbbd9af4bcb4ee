// CustomResourceDefinitions: what one must hold, the status it gets, and the kind that it brings.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import { isRecord } from '../../lib/deep.js';
import { formatTime } from '../../lib/instant.js';
import { kindKey, listAt, recordAt, textAt, type Draft, type Kind, type KindRules, type ScalePaths, type ServedVersion } from './kind.js';
import { hasUnheededRule, unheededRules } from './schema-transitions.js';
import { checkStructural } from './schema-structure.js';
import { invalidValue, requiredValue, type FieldError } from './status.js';

const texts = (list: readonly unknown[]): string[] => list.filter((item) => typeof item === 'string');

function setDefaults(draft: Draft, context: { readonly now: number }): void {
  const spec = draft['spec'];
  if (!isRecord(spec)) return;
  const names = { ...recordAt(spec, 'names') };
  const kind = textAt(names, 'kind');
  names['singular'] ??= kind.toLowerCase();
  names['listKind'] ??= `${kind}List`;
  spec['names'] = names;
  spec['conversion'] ??= { strategy: 'None' };
  const status = recordAt(draft, 'status');
  const storage = listAt(spec, 'versions').find((version) => recordAt({ version }, 'version')['storage'] === true);
  const at = formatTime(context.now);
  const known = listAt(status, 'conditions');
  draft['status'] = {
    acceptedNames: names,
    conditions:
      known.length > 0
        ? known
        : [
            { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found', lastTransitionTime: at },
            { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted', lastTransitionTime: at },
          ],
    storedVersions: [...new Set([...texts(listAt(status, 'storedVersions')), textAt(storage, 'name')])],
  };
}

function validate(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const names = recordAt(spec, 'names');
  const versions = listAt(spec, 'versions');
  const errors: FieldError[] = [];
  const wanted = `${textAt(names, 'plural')}.${textAt(spec, 'group')}`;
  if (textAt(spec, 'group') === '') errors.push(requiredValue('spec.group'));
  for (const key of ['plural', 'kind']) if (textAt(names, key) === '') errors.push(requiredValue(`spec.names.${key}`));
  if (draft.metadata.name !== wanted) errors.push(invalidValue('metadata.name', draft.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  if (!['Namespaced', 'Cluster'].includes(textAt(spec, 'scope'))) errors.push(requiredValue('spec.scope'));
  const storages = versions.filter((version) => isRecord(version) && version['storage'] === true);
  if (storages.length !== 1) {
    errors.push(
      invalidValue(
        'spec.versions',
        versions.map((version) => textAt(version, 'name')),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  versions.forEach((version, index) => {
    if (!isRecord(recordAt(version, 'schema')['openAPIV3Schema'])) errors.push(requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`));
  });
  if (old !== undefined) {
    const before = recordAt(old, 'spec');
    for (const key of ['group', 'scope'] as const)
      if (textAt(before, key) !== textAt(spec, key)) errors.push(invalidValue(`spec.${key}`, spec[key], 'field is immutable'));
  }
  return errors;
}

function inspect(draft: Draft): readonly FieldError[] {
  const versions = listAt(draft['spec'], 'versions');
  return versions.flatMap((version, index) => {
    const place = versions.length === 1 ? 'spec.validation' : `spec.versions[${index}].schema`;
    const schema = recordAt(version, 'schema')['openAPIV3Schema'];
    return isRecord(schema) ? checkStructural(schema, `${place}.openAPIV3Schema`) : [];
  });
}

/** Places named at most in one warning. */
const MOST_NAMED = 3;

function warnings(draft: Draft): readonly string[] {
  return listAt(draft['spec'], 'versions').flatMap((version) => {
    const schema: StructuralSchema = recordAt(recordAt(version, 'schema'), 'openAPIV3Schema');
    if (!hasUnheededRule(schema)) return [];
    const places = unheededRules(schema);
    const more = places.length > MOST_NAMED ? ` and ${places.length - MOST_NAMED} more places` : '';
    return [
      `version ${textAt(version, 'name')}: this server does not evaluate x-kubernetes-validations, here of ${places.slice(0, MOST_NAMED).join(', ')}${more}`,
    ];
  });
}

export const DEFINITION_RULES: KindRules = { hasGeneration: true, setDefaults, validate, inspect, warnings };

function scalePaths(version: unknown): ScalePaths | undefined {
  const subresources = recordAt(version, 'subresources');
  if (!isRecord(subresources['scale'])) return undefined;
  const { scale } = subresources;
  const selector = textAt(scale, 'labelSelectorPath');
  return {
    specReplicas: textAt(scale, 'specReplicasPath'),
    statusReplicas: textAt(scale, 'statusReplicasPath'),
    selector: selector === '' ? undefined : selector,
  };
}

/** v2 before v1 before v1beta1 before v1alpha1: the order in which the real server prefers versions. */
function rank(version: string): string {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return `0 ${version}`;
  const [, major = '', stage, minor = ''] = match;
  const level = stage === undefined ? 3 : stage === 'beta' ? 2 : 1;
  return `${level} ${major.padStart(6, '0')} ${minor.padStart(6, '0')}`;
}

/** The kind of a definition that was admitted. */
export function kindOfDefinition(definition: KubeObject): Kind {
  const spec = recordAt(definition, 'spec');
  const names = recordAt(spec, 'names');
  const group = textAt(spec, 'group');
  const plural = textAt(names, 'plural');
  const served = (version: unknown): ServedVersion => {
    const type: ResourceType = {
      group,
      version: textAt(version, 'name'),
      kind: textAt(names, 'kind'),
      plural,
      singular: textAt(names, 'singular'),
      shortNames: texts(listAt(names, 'shortNames')),
      categories: texts(listAt(names, 'categories')),
      namespaced: textAt(spec, 'scope') === 'Namespaced',
    };
    const schema: StructuralSchema = recordAt(recordAt(version, 'schema'), 'openAPIV3Schema');
    return { type, schema, hasStatus: isRecord(recordAt(version, 'subresources')['status']), scale: scalePaths(version) };
  };
  const versions = listAt(spec, 'versions').filter(isRecord);
  const storage = versions.find((version) => version['storage'] === true) ?? {};
  const offered = versions.filter((version) => version['served'] !== false).sort((a, b) => (rank(textAt(a, 'name')) < rank(textAt(b, 'name')) ? 1 : -1));
  return {
    key: kindKey(group, plural),
    custom: true,
    storage: served(storage),
    versions: new Map(offered.map((version) => [textAt(version, 'name'), served(version)])),
    rules: {},
  };
}
