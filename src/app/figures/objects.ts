// What the engine knows of rollouts, experiments, analyses and their templates, as gauges. They are read from its cache for each scrape:
// what is gone is gone, and an engine that does not lead tells of no object.

import { Gauge, type Registry } from 'prom-client';
import { instanceOf } from '../../controllers/instance.js';
import type { CacheReader } from '../../controllers/reconciler.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, ROLLOUT } from '../../kinds/resource-type.js';
import { asAnalysisRun } from '../../kinds/analysis-run.js';
import { asAnalysisTemplate } from '../../kinds/analysis-template.js';
import { asExperiment } from '../../kinds/experiment.js';
import { asRollout } from '../../kinds/rollout.js';
import { ANALYSIS_PHASES, analysisPhase, metricType, OLD_ROLLOUT_PHASES, rolloutPhase, strategyName, trafficRouter } from './words.js';

/** Of each type. A scrape of more would keep the engine from its work: the rest is counted in `sluice_objects_left_out`. */
export const MOST_OBJECTS = 10_000;

/** After so many the engine gets a turn: a scrape of thousands must not keep it from renewing its Lease. */
const OBJECTS_AT_ONCE = 200;

type Place = { readonly namespace: string; readonly name: string };

const PLACE = ['namespace', 'name'] as const;

/** The gauges that tell of the objects of some type. */
type Teller = { readonly types: readonly ResourceType[]; reset(): void; tell(object: KubeObject, place: Place): void };

/** One call makes all gauges of a kind, and `reset` empties them together. */
function gaugesIn(registry: Registry): { make<const L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L>; reset(): void } {
  const all: Gauge[] = [];
  return {
    make<const L extends string>(name: string, help: string, labelNames: readonly L[]) {
      const gauge = new Gauge<L>({ name, help, labelNames, registers: [registry] });
      all.push(gauge);
      return gauge;
    },
    reset: () => {
      for (const gauge of all) gauge.reset();
    },
  };
}

function tellOfRollouts(registry: Registry): Teller {
  const gauges = gaugesIn(registry);
  const info = gauges.make('rollout_info', 'A rollout, how it is brought out, and where it stands.', [...PLACE, 'strategy', 'traffic_router', 'phase']);
  const available = gauges.make('rollout_info_replicas_available', 'Available pods of a rollout.', PLACE);
  const unavailable = gauges.make('rollout_info_replicas_unavailable', 'Pods of a rollout that are not available.', PLACE);
  const desired = gauges.make('rollout_info_replicas_desired', 'Pods that a rollout asks for.', PLACE);
  const updated = gauges.make('rollout_info_replicas_updated', 'Pods of the newest version of a rollout.', PLACE);
  const phases = gauges.make('rollout_phase', 'Where a rollout stands (deprecated: rollout_info tells it).', [...PLACE, 'strategy', 'phase']);
  return {
    types: [ROLLOUT],
    reset: gauges.reset,
    tell(object, place) {
      const rollout = asRollout(object);
      const { replicas = 0, availableReplicas = 0, updatedReplicas = 0 } = rollout.status ?? {};
      const phase = rolloutPhase(rollout);
      const strategy = strategyName(rollout);
      info.set({ ...place, strategy, traffic_router: trafficRouter(rollout), phase }, 1);
      available.set(place, availableReplicas);
      unavailable.set(place, replicas - availableReplicas);
      desired.set(place, rollout.spec.replicas ?? 1);
      updated.set(place, updatedReplicas);
      for (const each of OLD_ROLLOUT_PHASES) phases.set({ ...place, strategy, phase: each }, Number(each === phase));
    },
  };
}

function tellOfExperiments(registry: Registry): Teller {
  const gauges = gaugesIn(registry);
  const info = gauges.make('experiment_info', 'An experiment and where it stands.', [...PLACE, 'phase']);
  const phases = gauges.make('experiment_phase', 'Where an experiment stands (deprecated: experiment_info tells it).', [...PLACE, 'phase']);
  return {
    types: [EXPERIMENT],
    reset: gauges.reset,
    tell(object, place) {
      const phase = analysisPhase(asExperiment(object).status?.phase);
      info.set({ ...place, phase }, 1);
      for (const each of ANALYSIS_PHASES) phases.set({ ...place, phase: each }, Number(each === phase));
    },
  };
}

function tellOfAnalysisRuns(registry: Registry): Teller {
  const gauges = gaugesIn(registry);
  const info = gauges.make('analysis_run_info', 'An analysis run and where it stands.', [...PLACE, 'phase']);
  const phases = gauges.make('analysis_run_phase', 'Where an analysis run stands (deprecated: analysis_run_info tells it).', [...PLACE, 'phase']);
  const types = gauges.make('analysis_run_metric_type', 'Where a metric of an analysis run is measured.', [...PLACE, 'metric', 'type']);
  const metricPhases = gauges.make('analysis_run_metric_phase', 'How a metric of an analysis run was judged.', [
    ...PLACE,
    'metric',
    'type',
    'dry_run',
    'phase',
  ]);
  return {
    types: [ANALYSIS_RUN],
    reset: gauges.reset,
    tell(object, place) {
      const run = asAnalysisRun(object);
      const phase = analysisPhase(run.status?.phase);
      info.set({ ...place, phase }, 1);
      for (const each of ANALYSIS_PHASES) phases.set({ ...place, phase: each }, Number(each === phase));
      const results = new Map((run.status?.metricResults ?? []).map((result) => [result.name, result]));
      for (const metric of run.spec.metrics) {
        const labels = { ...place, metric: metric.name, type: metricType(metric) };
        const result = results.get(metric.name);
        types.set(labels, 1);
        for (const each of ANALYSIS_PHASES)
          metricPhases.set({ ...labels, dry_run: String(result?.dryRun === true), phase: each }, Number(each === analysisPhase(result?.phase)));
      }
    },
  };
}

/** A template of the whole cluster has no namespace, and neither have its series. */
function tellOfTemplates(registry: Registry): Teller {
  const gauges = gaugesIn(registry);
  const info = gauges.make('analysis_template_info', 'An analysis template.', PLACE);
  const metrics = gauges.make('analysis_template_metric_info', 'A metric of an analysis template, and where it is measured.', [...PLACE, 'type', 'metric']);
  return {
    types: [ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE],
    reset: gauges.reset,
    tell(object, place) {
      info.set(place, 1);
      for (const metric of asAnalysisTemplate(object).spec.metrics ?? []) metrics.set({ ...place, type: metricType(metric), metric: metric.name }, 1);
    },
  };
}

export interface ObjectFigures {
  /** Sets all gauges anew, from what is known now. Not to be asked again before it is done. */
  read(cache: CacheReader | undefined): Promise<void>;
}

/** Objects of other instances are somebody else's to tell of. */
export function createObjectFigures(registry: Registry, instanceId: string, turn: () => Promise<void>, most = MOST_OBJECTS): ObjectFigures {
  const tellers = [tellOfRollouts, tellOfExperiments, tellOfAnalysisRuns, tellOfTemplates].map((make) => make(registry));
  const leftOut = new Gauge({
    name: 'sluice_objects_left_out',
    help: 'Objects that no other figure tells of: there are too many, or they can not be read.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const told = (teller: Teller, object: KubeObject): boolean => {
    try {
      teller.tell(object, { namespace: object.metadata.namespace ?? '', name: object.metadata.name });
      return true;
    } catch {
      // One object of nonsense must not hide all others.
      return false;
    }
  };
  const read = async (teller: Teller, type: ResourceType, objects: readonly KubeObject[]): Promise<void> => {
    let left = Math.max(0, objects.length - most);
    for (const [index, object] of objects.slice(0, most).entries()) {
      if (!told(teller, object)) left += 1;
      if (index % OBJECTS_AT_ONCE === OBJECTS_AT_ONCE - 1) await turn();
    }
    leftOut.set({ kind: type.plural }, left);
  };
  return {
    async read(cache) {
      for (const teller of tellers) {
        teller.reset();
        for (const type of teller.types) {
          const objects = (cache?.list(type) ?? []).filter((object) => instanceOf(object) === instanceId);
          await read(teller, type, objects);
        }
      }
    },
  };
}
