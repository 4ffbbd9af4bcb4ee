// Metrics from Amazon CloudWatch: the series of its GetMetricData, asked by whatever speaks to AWS for this engine.

import type { CloudWatchSource } from '../kinds/metric-provider.js';
import { err, ok } from '../lib/result.js';
import { spanMs } from './answer.js';
import { goPrint } from './go-print.js';
import type { MetricDataQuery, Provider } from './provider.js';

const DEFAULT_INTERVAL = '5m';

export const cloudWatch: Provider = {
  name: 'cloudWatch',
  async measure(spec, io, signal) {
    const source = spec as CloudWatchSource;
    const interval = spanMs(source.interval, DEFAULT_INTERVAL);
    if (!interval.ok) return interval;
    if (io.cloudWatch === undefined) return err('this engine can not speak to AWS');
    const answer = await io.cloudWatch({ from: io.now - interval.value, to: io.now, queries: source.metricDataQueries.map(queryOf) }, signal);
    if (!answer.ok) return answer;
    const { results, messages } = answer.value;
    return ok({
      result: { type: '[]MetricDataResult', value: results },
      text: goPrint(results.map(({ Values = [] }) => Values)),
      ...(messages.length === 0 ? {} : { metadata: { messages: messages.join(', ') } }),
    });
  },
};

type Query = CloudWatchSource['metricDataQueries'][number];

/** In the names of AWS; what is not given is left out. */
function queryOf({ id, expression, label, metricStat, period, returnData }: Query): MetricDataQuery {
  const { metric, stat, unit } = metricStat ?? {};
  const dimensions = metric?.dimensions?.map(({ name, value }) => ({ Name: name, Value: value }));
  return {
    Id: id,
    Expression: expression,
    Label: label,
    Period: whole(period),
    ReturnData: returnData,
    MetricStat:
      metricStat === undefined
        ? undefined
        : {
            Metric: { Namespace: metric?.namespace, MetricName: metric?.metricName, Dimensions: dimensions },
            Period: whole(metricStat.period),
            Stat: stat,
            Unit: unit,
          },
  };
}

/** Numbers may be written as text. */
const whole = (value: number | string | undefined): number | undefined => (value === undefined ? undefined : Math.trunc(Number(value)));
