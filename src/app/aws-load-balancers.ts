// The load balancers of AWS, by the SDK of AWS. Region, credentials and endpoint are what its standard environment variables and
// files say. It is loaded with the first question: most programs never ask.

import type { DescribeTagsCommandOutput, ElasticLoadBalancingV2Client, Rule, TargetGroup as SdkTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type * as Sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancers } from '../controllers/verify.js';
import type { LoadBalancer } from '../kinds/load-balancer.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { awsFailure, quietSdk } from './aws.js';

const CONNECT_LIMIT_MS = 2000;
/** A rollout's pass waits for the whole look; an abort must not. */
const LOOK_LIMIT_MS = 8000;
const MOST_ATTEMPTS = 2;
/** What AWS lets a request for tags ask for. */
const MOST_TAGGED = 20;
/** Of one listing: an account has some hundred load balancers, a load balancer a hundred rules. */
const MOST_PAGES = 100;

type Loaded = { readonly sdk: typeof Sdk; readonly client: ElasticLoadBalancingV2Client };
type Ask = Loaded & { readonly signal: AbortSignal };
type Known = { readonly name: string; readonly arn: string };

export type AwsLoadBalancers = LoadBalancers & { close(): void };

export function createAwsLoadBalancers(): AwsLoadBalancers {
  let loading: Promise<Loaded> | undefined;
  let client: ElasticLoadBalancingV2Client | undefined;
  // Names do not change what they stand for while the load balancer lives; listing all of them takes many requests.
  const known = new Map<string, Known>();
  const load = async (): Promise<Loaded> => {
    quietSdk();
    const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2');
    const made = new sdk.ElasticLoadBalancingV2Client({
      maxAttempts: MOST_ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_LIMIT_MS, requestTimeout: LOOK_LIMIT_MS },
    });
    client = made;
    return { sdk, client: made };
  };
  const look = async <T>(work: (ask: Ask) => Promise<T>): Promise<Result<T, string>> => {
    try {
      loading ??= load();
      return ok(await work({ ...(await loading), signal: AbortSignal.timeout(LOOK_LIMIT_MS) }));
    } catch (error) {
      if (error instanceof Error && error.name === 'LoadBalancerNotFoundException') known.clear();
      return err(awsFailure(error, 'AWS', LOOK_LIMIT_MS));
    }
  };
  return {
    find: (hostname) =>
      look(async (ask) => {
        const wanted = hostname.toLowerCase();
        const found = known.get(wanted) ?? (await findByName(ask, wanted));
        if (found === undefined) return undefined;
        known.set(wanted, found);
        return describe(ask, found);
      }),
    targetsOf: (arn) =>
      look(async ({ sdk, client: asked, signal }) => {
        const health = await asked.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: arn }), { abortSignal: signal });
        return new Set((health.TargetHealthDescriptions ?? []).map(({ Target }) => Target?.Id ?? ''));
      }),
    close: () => client?.destroy(),
  };
}

/** All pages of a listing. */
async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  { signal }: Ask,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let count = 0;
  for await (const page of pages) {
    items.push(...(itemsOf(page) ?? []));
    count += 1;
    if (count > MOST_PAGES) throw new Error(`a listing of more than ${MOST_PAGES} pages`);
    signal.throwIfAborted();
  }
  return items;
}

async function findByName(ask: Ask, hostname: string): Promise<Known | undefined> {
  const { sdk, client } = ask;
  const all = await collect(sdk.paginateDescribeLoadBalancers({ client }, {}), ask, (page) => page.LoadBalancers);
  const found = all.find(({ DNSName = '' }) => DNSName.toLowerCase() === hostname);
  return found === undefined ? undefined : { name: found.LoadBalancerName ?? '', arn: found.LoadBalancerArn ?? '' };
}

async function describe(ask: Ask, { name, arn }: Known): Promise<LoadBalancer> {
  const { sdk, client } = ask;
  const groups = await collect(sdk.paginateDescribeTargetGroups({ client }, { LoadBalancerArn: arn }), ask, (page) => page.TargetGroups);
  const listeners = await collect(sdk.paginateDescribeListeners({ client }, { LoadBalancerArn: arn }), ask, (page) => page.Listeners);
  const forwards: ReadonlyMap<string, number>[] = [];
  for (const { ListenerArn } of listeners) {
    const rules = await collect(sdk.paginateDescribeRules({ client }, { ListenerArn }), ask, (page) => page.Rules);
    forwards.push(...rules.flatMap(forwardsOf));
  }
  const tags = await tagsOf(ask, groups);
  const targetGroups = groups.map(({ TargetGroupName = '', TargetGroupArn = '' }) => ({
    name: TargetGroupName,
    arn: TargetGroupArn,
    tags: tags.get(TargetGroupArn) ?? {},
  }));
  return { name, arn, targetGroups, forwards };
}

function forwardsOf({ Actions = [] }: Rule): readonly ReadonlyMap<string, number>[] {
  return Actions.flatMap(({ ForwardConfig }) => {
    const groups = ForwardConfig?.TargetGroups ?? [];
    return groups.length === 0 ? [] : [new Map(groups.map(({ TargetGroupArn = '', Weight = 0 }) => [TargetGroupArn, Weight]))];
  });
}

async function tagsOf({ sdk, client, signal }: Ask, groups: readonly SdkTargetGroup[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const arns = groups.map(({ TargetGroupArn = '' }) => TargetGroupArn);
  const found = new Map<string, Readonly<Record<string, string>>>();
  for (let from = 0; from < arns.length; from += MOST_TAGGED) {
    const page: DescribeTagsCommandOutput = await client.send(new sdk.DescribeTagsCommand({ ResourceArns: arns.slice(from, from + MOST_TAGGED) }), {
      abortSignal: signal,
    });
    for (const { ResourceArn = '', Tags = [] } of page.TagDescriptions ?? [])
      found.set(ResourceArn, Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
  }
  return found;
}
