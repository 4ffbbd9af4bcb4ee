// The GraphQL end of a SkyWalking server over the sandbox's minutes. Its running minute fills as traffic comes in, as
// if it flushed every second; a real one needs up to a minute.

import { buildSchema, type DocumentNode, execute, GraphQLError, type GraphQLSchema, Kind, parse, validate, visit } from 'graphql';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import { type ApmStore, type Bucket, bucketName, METRICS, percentilesOf, serviceId, type Step, STEP_MS, STEPS } from './apm-store.js';
import { bucketStarts, type DurationInput } from './duration-range.js';
import { type EndAnswer, type EndRequest, jsonAnswer, textAnswer } from './http-answer.js';
import { evaluateMqe } from './mqe.js';

const SCHEMA = `
  scalar Long
  enum Step { ${STEPS.join(' ')} }
  enum Scope { All Service ServiceInstance Endpoint Process ServiceRelation ServiceInstanceRelation EndpointRelation ProcessRelation }
  input Duration { start: String! end: String! step: Step! coldStage: Boolean }
  input Entity { scope: Scope serviceName: String normal: Boolean serviceInstanceName: String endpointName: String processName: String destServiceName: String destNormal: Boolean }
  input MetricsCondition { name: String! entity: Entity }
  type KVInt { id: ID! value: Long! isEmptyValue: Boolean! }
  type IntValues { values: [KVInt!]! }
  type MetricsValues { label: String values: IntValues }
  type NullableValue { value: Long! isEmptyValue: Boolean! }
  type KeyValue { key: String! value: String }
  type Metadata { labels: [KeyValue!]! }
  type MQEValue { id: ID value: String traceID: ID }
  type MQEValues { metric: Metadata values: [MQEValue!]! }
  type ExpressionResult { type: String! results: [MQEValues!]! error: String }
  type Service { id: ID! name: String! group: String shortName: String! layers: [String!]! normal: Boolean }
  type TimeInfo { timezone: String currentTimestamp: Long }
  type Query {
    version: String
    getTimeInfo: TimeInfo
    readMetricsValue(condition: MetricsCondition!, duration: Duration!): Long!
    readNullableMetricsValue(condition: MetricsCondition!, duration: Duration!): NullableValue!
    readMetricsValues(condition: MetricsCondition!, duration: Duration!): MetricsValues!
    execExpression(expression: String!, entity: Entity!, duration: Duration!): ExpressionResult!
    listServices(layer: String): [Service!]!
    listLayers: [String!]!
  }
`;

let schema: GraphQLSchema | undefined;

type Entity = { readonly serviceName?: string | null; readonly normal?: boolean | null };
type Condition = { readonly name: string; readonly entity?: Entity | null };

/** The buckets of a duration, or the server's complaint thrown as the fetch error that it is. */
function startsOf(duration: DurationInput, utcOffsetMinutes: number): readonly Instant[] {
  const starts = bucketStarts(duration, utcOffsetMinutes);
  if (!starts.ok) throw new GraphQLError(starts.error);
  return starts.value;
}

function valueAt(store: ApmStore, metric: string, entity: Entity, from: Instant, step: Step): number | undefined {
  // Metrics are kept a minute at a time: there is nothing finer. Services of a mesh are normal ones.
  if (step === 'SECOND' || entity.normal !== true) return undefined;
  const bucket = store.bucket(entity.serviceName ?? '', from, from + STEP_MS[step]);
  return bucket === undefined ? undefined : METRICS[metric]?.(bucket, STEP_MS[step] / STEP_MS.MINUTE);
}

function bucketId(condition: Condition, at: Instant, step: Step, utcOffsetMinutes: number): string {
  const name = bucketName(at, step, utcOffsetMinutes);
  const { entity } = condition;
  if (entity?.serviceName === undefined || entity.serviceName === null || entity.normal === undefined || entity.normal === null)
    return `${name}_ILLEGAL_ENTITY`;
  if (METRICS[condition.name] === undefined) return `${name}_UNKNOWN_METRIC_NAME`;
  return `${condition.name}_${name}_${serviceId(entity.serviceName, entity.normal)}`;
}

/** The value of the whole duration, as the single-value queries give it. */
function wholeValue(store: ApmStore, condition: Condition, starts: readonly Instant[], step: Step): number | undefined {
  const from = starts[0];
  const last = starts.at(-1);
  if (from === undefined || last === undefined || condition.entity?.normal !== true) return undefined;
  const bucket = store.bucket(condition.entity.serviceName ?? '', from, last + STEP_MS[step]);
  return bucket === undefined
    ? undefined
    : METRICS[condition.name]?.(
        bucket,
        starts.filter((at) => store.bucket(condition.entity?.serviceName ?? '', at, at + STEP_MS[step]) !== undefined).length || 1,
      );
}

type ExpressionArguments = { readonly expression: string; readonly entity: Entity; readonly duration: DurationInput };

function expressionResult(store: ApmStore, { expression, entity, duration }: ExpressionArguments, starts: readonly Instant[]): unknown {
  const labelled = /^\s*service_percentile\s*\{\s*\w+\s*=\s*'([\d,\s]+)'\s*\}\s*$/.exec(expression);
  const bucketAt = (at: Instant): Bucket | undefined =>
    entity.normal === true ? store.bucket(entity.serviceName ?? '', at, at + STEP_MS[duration.step]) : undefined;
  if (labelled !== null) {
    const wanted = (labelled[1] ?? '').split(',').map((text) => text.trim());
    const results = wanted.map((label) => ({
      metric: { labels: [{ key: '_', value: label }] },
      values: starts.map((at) => {
        const bucket = bucketAt(at);
        return { id: String(at), value: bucket === undefined ? null : String(percentilesOf(bucket)[Number(label)] ?? 0), traceID: null };
      }),
    }));
    return { type: 'TIME_SERIES_VALUES', error: null, results };
  }
  const value = evaluateMqe(expression, (metric) =>
    METRICS[metric] === undefined ? undefined : starts.map((at) => valueAt(store, metric, entity, at, duration.step)),
  );
  if (!value.ok) {
    if (value.error.type === 'syntax') throw new GraphQLError(value.error.message);
    return { type: 'UNKNOWN', error: value.error.message, results: [] };
  }
  const text = (number: number | undefined): string | null => (number === undefined ? null : String(Math.trunc(number * 100) / 100));
  if (value.value.type === 'single')
    return { type: 'SINGLE_VALUE', error: null, results: [{ metric: null, values: [{ id: null, value: text(value.value.value), traceID: null }] }] };
  return {
    type: 'TIME_SERIES_VALUES',
    error: null,
    results: [
      { metric: { labels: [] }, values: value.value.values.map((number, index) => ({ id: String(starts[index]), value: text(number), traceID: null })) },
    ],
  };
}

type Arguments = { readonly condition: Condition; readonly duration: DurationInput };

function resolvers(store: ApmStore, utcOffsetMinutes: number, now: Instant): Record<string, unknown> {
  const sign = utcOffsetMinutes < 0 ? '-' : '+';
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return {
    version: '9.6.0-sluice-sandbox',
    getTimeInfo: { timezone: `${sign}${two(Math.abs(utcOffsetMinutes) / 60)}${two(Math.abs(utcOffsetMinutes) % 60)}`, currentTimestamp: now },
    readMetricsValue: ({ condition, duration }: Arguments) => wholeValue(store, condition, startsOf(duration, utcOffsetMinutes), duration.step) ?? 0,
    readNullableMetricsValue: ({ condition, duration }: Arguments) => {
      const value = wholeValue(store, condition, startsOf(duration, utcOffsetMinutes), duration.step);
      return { value: value ?? 0, isEmptyValue: value === undefined };
    },
    readMetricsValues: ({ condition, duration }: Arguments) => ({
      label: null,
      values: {
        values: startsOf(duration, utcOffsetMinutes).map((at) => {
          const value = valueAt(store, condition.name, condition.entity ?? {}, at, duration.step);
          return { id: bucketId(condition, at, duration.step, utcOffsetMinutes), value: value ?? 0, isEmptyValue: value === undefined };
        }),
      },
    }),
    execExpression: (given: ExpressionArguments) => expressionResult(store, given, startsOf(given.duration, utcOffsetMinutes)),
    listServices: ({ layer }: { readonly layer?: string | null }) =>
      (layer === undefined || layer === null || layer === 'GENERAL' || layer === 'MESH' ? store.services() : []).map((name) => ({
        id: serviceId(name, true),
        name,
        group: '',
        shortName: name,
        layers: ['GENERAL'],
        normal: true,
      })),
    listLayers: ['GENERAL', 'MESH', 'K8S'],
  };
}

type Classified = {
  readonly message: string;
  readonly classification: 'ValidationError' | 'InvalidSyntax' | 'DataFetchingException';
  readonly error: GraphQLError;
};

function errorJson({ message, classification, error }: Classified): unknown {
  const path = error.path === undefined ? {} : { path: error.path };
  return { message, locations: error.locations ?? [], ...path, extensions: { classification } };
}

/** The server's words for the complaints that a person who writes a template meets. */
function validationMessage(error: GraphQLError): string {
  const field = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message);
  return field === null ? error.message : `Validation error (FieldUndefined@[${field[1]}]) : Field '${field[1]}' in type '${field[2]}' is undefined`;
}

/** The first variable that is declared and not used: a query must use $duration. */
function unusedVariable(document: DocumentNode): { readonly name: string; readonly error: GraphQLError } | undefined {
  const used = new Set<string>();
  const declared = document.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : []));
  visit(document, {
    [Kind.VARIABLE]: (node, _key, parent) => void (isRecord(parent) && parent['kind'] === Kind.VARIABLE_DEFINITION ? undefined : used.add(node.name.value)),
  });
  const found = declared.find((definition) => !used.has(definition.variable.name.value));
  return found === undefined ? undefined : { name: found.variable.name.value, error: new GraphQLError('unused', { nodes: [found] }) };
}

function coercionMessage(message: string): string {
  const missing = /^Variable "\$(\w+)" of required type "([^"]+)" was not provided/.exec(message);
  if (missing !== null)
    return `Variable '${missing[1]}' has an invalid value: Variable '${missing[1]}' has coerced Null value for NonNull type '${missing[2]}'`;
  const badEnum = /^Variable "\$(\w+)" got invalid value "([^"]*)" at ".*?"; Value "[^"]*" does not exist in "(\w+)" enum/.exec(message);
  return badEnum === null
    ? message
    : `Variable '${badEnum[1]}' has an invalid value: Invalid input for enum '${badEnum[3]}'. No value found for name '${badEnum[2]}'`;
}

function run(store: ApmStore, query: string, variables: Readonly<Record<string, unknown>>, utcOffsetMinutes: number, now: Instant): EndAnswer {
  schema ??= buildSchema(SCHEMA);
  const refuse = (status: number, errors: readonly Classified[], data?: null): EndAnswer =>
    jsonAnswer(status, JSON.stringify({ errors: errors.map(errorJson), ...(data === null ? { data } : {}) }));
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    const token = /found (?:"([^"]*)"|<EOF>|\w+ "([^"]*)")|(\{|\}|\))\.$/.exec(error.message);
    return refuse(200, [
      {
        message: `Invalid syntax with offending token '${token?.[1] ?? token?.[2] ?? token?.[3] ?? '<EOF>'}' at line ${at?.line ?? 1} column ${at?.column ?? 1}`,
        classification: 'InvalidSyntax',
        error,
      },
    ]);
  }
  const unused = unusedVariable(document);
  const problems = validate(schema, document).filter((error) => !/is never used/.test(error.message));
  const [problem] = problems;
  if (problem !== undefined) return refuse(400, [{ message: validationMessage(problem), classification: 'ValidationError', error: problem }]);
  if (unused !== undefined)
    return refuse(400, [
      { message: `Validation error (UnusedVariable) : Unused variable '${unused.name}'`, classification: 'ValidationError', error: unused.error },
    ]);
  const result = execute({ schema, document, rootValue: resolvers(store, utcOffsetMinutes, now), variableValues: variables });
  if ('then' in result) throw new TypeError('every resolver here answers at once');
  const errors = result.errors ?? [];
  if (errors.length === 0) return jsonAnswer(200, JSON.stringify({ data: result.data }));
  if (result.data === undefined)
    return refuse(
      200,
      errors.map((error) => ({ message: coercionMessage(error.message), classification: 'ValidationError', error })),
    );
  return refuse(
    200,
    errors.map((error) => ({
      message: `Exception while fetching data (/${(error.path ?? []).join('/')}) : ${error.message}`,
      classification: 'DataFetchingException',
      error,
    })),
    null,
  );
}

/** Answers any request to the sandbox's SkyWalking. Both zones are the same here: the texts are read in that of this process. */
export function answerSkywalking(store: ApmStore, request: EndRequest, now: Instant, utcOffsetMinutes: number): EndAnswer {
  if (request.path !== '/graphql') return textAnswer(404, '404 Not Found');
  if (request.method !== 'POST') return textAnswer(405, '405 Method Not Allowed');
  if (!/json/.test(request.contentType)) return textAnswer(415, 'Unsupported media type. Only JSON compatible types and application/graphql are supported.');
  const body = parseJson(request.body);
  if (!isRecord(body) || typeof body['query'] !== 'string') return textAnswer(400, 'Bad Request');
  return run(store, body['query'], isRecord(body['variables']) ? body['variables'] : {}, utcOffsetMinutes, now);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
