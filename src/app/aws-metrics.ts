// CloudWatch, by the SDK of AWS: region, credentials and endpoint are what its standard environment variables and files say. It is
// loaded with the first question: most programs never ask.

import type { CloudWatchClient, GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type * as Sdk from '@aws-sdk/client-cloudwatch';
import { err, ok } from '../lib/result.js';
import type { CloudWatch } from '../providers/provider.js';
import { awsFailure, quietSdk } from './aws.js';

const CONNECT_LIMIT_MS = 2000;
/** One measurement, with all attempts. */
const LOOK_LIMIT_MS = 30_000;
const MOST_ATTEMPTS = 2;
/** What CloudWatch says of its own trouble is written to the run. */
const MOST_SAID = 1024;

type Loaded = { readonly sdk: typeof Sdk; readonly client: CloudWatchClient };

export type AwsMetrics = { readonly ask: CloudWatch; close(): void };

export function createAwsMetrics(): AwsMetrics {
  let loading: Promise<Loaded> | undefined;
  let client: CloudWatchClient | undefined;
  const load = async (): Promise<Loaded> => {
    quietSdk();
    const sdk = await import('@aws-sdk/client-cloudwatch');
    const made = new sdk.CloudWatchClient({
      maxAttempts: MOST_ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_LIMIT_MS, requestTimeout: LOOK_LIMIT_MS },
    });
    client = made;
    return { sdk, client: made };
  };
  return {
    ask: async ({ from, to, queries }, signal) => {
      try {
        loading ??= load();
        const { sdk, client: asked } = await loading;
        // What is undefined is left out by the SDK.
        const input = { StartTime: new Date(from), EndTime: new Date(to), MetricDataQueries: queries } as unknown as GetMetricDataCommandInput;
        const answer = await asked.send(new sdk.GetMetricDataCommand(input), { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_LIMIT_MS)]) });
        return ok({
          results: (answer.MetricDataResults ?? []).map(({ Id, Label, StatusCode, Values, Timestamps }) => ({
            Id,
            Label,
            StatusCode,
            Values,
            Timestamps: Timestamps?.map((time) => time.toISOString()),
          })),
          messages: (answer.Messages ?? []).map(({ Code = '', Value = '' }) => `${Code}: ${Value}`),
        });
      } catch (error) {
        return err(awsFailure(error, 'CloudWatch', LOOK_LIMIT_MS).slice(0, MOST_SAID));
      }
    },
    close: () => client?.destroy(),
  };
}
