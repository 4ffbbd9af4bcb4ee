// A small stand-in for the Elastic Load Balancing API on loopback: the query protocol (form in, XML out), with pages, the limits that
// AWS has, and whatever fault a test asks for.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeRule = { readonly listener: string; readonly weights: Readonly<Record<string, number>> };

export type FakeAws = {
  /** By DNS name; the ARN is made of the name. */
  balancers: readonly { readonly name: string; readonly dnsName: string }[];
  /** By the name of the target group: its tags. */
  groups: Readonly<Record<string, Readonly<Record<string, string>>>>;
  rules: readonly FakeRule[];
  /** By the name of the target group: what is registered. */
  targets: Readonly<Record<string, readonly string[]>>;
  /** Answers instead, when it returns something. 'hang' never answers. */
  fault: (action: string) => { readonly status: number; readonly code: string; readonly message: string } | 'hang' | undefined;
  readonly asked: string[];
};

const PAGE = 2;
const MOST_TAGGED = 20;
const ACCOUNT = 'arn:aws:elasticloadbalancing:eu-test-1:000000000000';

export const balancerArn = (name: string): string => `${ACCOUNT}:loadbalancer/app/${name}/50dc6c495c0c9188`;
export const groupArn = (name: string): string => `${ACCOUNT}:targetgroup/${name}/73e2d6bc24d8a067`;

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const tag = (name: string, content: string): string => `<${name}>${content}</${name}>`;
const text = (name: string, value: string | number): string => tag(name, escaped(String(value)));
const members = (items: readonly string[]): string => items.map((item) => tag('member', item)).join('');

class Refused extends Error {
  constructor(readonly code: string, message: string) { super(message); }
}

/** One page of a list, with the marker of the next. */
function paged(name: string, items: readonly string[], query: URLSearchParams): string {
  const from = Number(query.get('Marker') ?? 0);
  const next = from + PAGE;
  return tag(name, members(items.slice(from, next))) + (next < items.length ? text('NextMarker', next) : '');
}

function answer(aws: FakeAws, action: string, query: URLSearchParams): string {
  const nameOf = (arn: string | null): string => arn?.split('/').at(-2) ?? '';
  switch (action) {
    case 'DescribeLoadBalancers':
      return paged('LoadBalancers', aws.balancers.map(({ name, dnsName }) => text('LoadBalancerArn', balancerArn(name)) + text('LoadBalancerName', name) + text('DNSName', dnsName)), query);
    case 'DescribeTargetGroups':
      return paged('TargetGroups', Object.keys(aws.groups).map((name) => text('TargetGroupArn', groupArn(name)) + text('TargetGroupName', name)), query);
    case 'DescribeListeners':
      return paged('Listeners', [...new Set(aws.rules.map(({ listener }) => listener))].map((listener) => text('ListenerArn', `${ACCOUNT}:listener/${listener}`)), query);
    case 'DescribeRules': {
      const listener = query.get('ListenerArn')?.split('/').at(-1);
      const forward = ({ weights }: FakeRule): string => tag('ForwardConfig', tag('TargetGroups', members(Object.entries(weights).map(([name, weight]) => text('TargetGroupArn', groupArn(name)) + text('Weight', weight)))));
      return paged('Rules', aws.rules.filter((rule) => rule.listener === listener).map((rule) => text('Priority', 1) + tag('Actions', members([text('Type', 'forward') + forward(rule)]))), query);
    }
    case 'DescribeTags': {
      const arns = [...query].filter(([key]) => key.startsWith('ResourceArns.member.')).map(([, value]) => value);
      if (arns.length > MOST_TAGGED) throw new Refused('ValidationError', `only ${MOST_TAGGED} resources`);
      return tag('TagDescriptions', members(arns.map((arn) => text('ResourceArn', arn) + tag('Tags', members(Object.entries(aws.groups[nameOf(arn)] ?? {}).map(([key, value]) => text('Key', key) + text('Value', value)))))));
    }
    case 'DescribeTargetHealth':
      return tag('TargetHealthDescriptions', members((aws.targets[nameOf(query.get('TargetGroupArn'))] ?? []).map((id) => tag('Target', text('Id', id) + text('Port', 8080)) + tag('TargetHealth', text('State', 'initial')))));
    default:
      throw new Refused('InvalidAction', action);
  }
}

export async function startElbServer(): Promise<{ readonly aws: FakeAws; readonly url: string; stop(): Promise<void> }> {
  const aws: FakeAws = { balancers: [], groups: {}, rules: [], targets: {}, fault: () => undefined, asked: [] };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      const query = new URLSearchParams(body);
      const action = query.get('Action') ?? '';
      aws.asked.push(action);
      const refuse = (status: number, code: string, message: string): void => { response.writeHead(status, { 'content-type': 'text/xml' }).end(tag('ErrorResponse', tag('Error', text('Type', 'Sender') + text('Code', code) + text('Message', message)))); };
      const fault = aws.fault(action);
      if (fault === 'hang') return;
      if (fault !== undefined) return refuse(fault.status, fault.code, fault.message);
      if (!/Credential=test-key\//.test(request.headers.authorization ?? '')) return refuse(403, 'MissingAuthenticationToken', 'not signed');
      try {
        response.writeHead(200, { 'content-type': 'text/xml' }).end(tag(`${action}Response`, tag(`${action}Result`, answer(aws, action, query))));
      } catch (error) {
        if (error instanceof Refused) refuse(400, error.code, error.message);
        else throw error;
      }
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { aws, url, stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}
