// The rules of a canary's settings. Paths leave out the strategy's name, as Argo's do: people search for these texts.

import type { Pass } from '../pass.js';
import { invalid, problemsOf } from './field-error.js';
import { affinityProblem } from './affinity.js';
import { stepProblem } from './steps.js';

const PATH = 'spec.strategy';

export function canaryProblems(pass: Pass): Iterable<string> {
  if (pass.rollout.spec.strategy?.canary === undefined) return [];
  return problemsOf([
    () => boundsProblem(pass),
    () => serviceProblem(pass),
    () => pingPongProblem(pass),
    () => routedServicesProblem(pass),
    () => routingProblem(pass),
    ...pass.steps.map((_, index) => () => stepProblem(pass, index)),
    () => affinityProblem(pass),
  ]);
}

const isZero = (bound: number | string | undefined): boolean => bound === 0 || (typeof bound === 'string' && Number(bound.replace(/%$/, '')) === 0);

function boundsProblem(pass: Pass): string | undefined {
  const { maxSurge, maxUnavailable } = pass.canary;
  return isZero(maxSurge) && isZero(maxUnavailable) ? invalid(`${PATH}.maxSurge`, maxSurge, 'MaxSurge and MaxUnavailable both can not be zero') : undefined;
}

const SAME_SERVICE = 'This rollout uses the same service for the stable and canary services, but two different services are required.';
const SAME_PING_PONG = 'This rollout uses the same service for the ping and pong services, but two different services are required.';
const ROOT_SERVICE = 'Root service field is required for the configuration with ALB and ping-pong feature enabled';
const DELAY_UNROUTED = 'Canary scaleDownDelaySeconds can only be used with traffic routing';

function serviceProblem(pass: Pass): string | undefined {
  const { canaryService, stableService } = pass.canary;
  if ((canaryService ?? '') === '' || canaryService !== stableService) return undefined;
  return invalid(`${PATH}.stableService`, stableService, SAME_SERVICE);
}

function pingPongProblem(pass: Pass): string | undefined {
  const { pingPong, trafficRouting } = pass.canary;
  if (pingPong === undefined) return undefined;
  if (trafficRouting !== undefined && trafficRouting.alb === undefined && trafficRouting.istio === undefined && trafficRouting.plugins === undefined) {
    return invalid(`${PATH}.trafficRouting.alb`, null, 'Ping-pong feature works with the ALB and Istio traffic routers only');
  }
  const missing = 'Ping service and Pong service must to be set to use Ping-Pong feature';
  if (pingPong.pingService === '') return invalid(`${PATH}.pingPong.pingService`, '', missing);
  if (pingPong.pongService === '') return invalid(`${PATH}.pingPong.pongService`, '', missing);
  if (pingPong.pingService === pingPong.pongService) return invalid(`${PATH}.pingPong.pingService`, pingPong.pingService, SAME_PING_PONG);
  const root = trafficRouting?.alb === undefined || (trafficRouting.alb.rootService ?? '') !== '';
  return root ? undefined : invalid(`${PATH}.trafficRouting.alb.rootService`, '', ROOT_SERVICE);
}

function routedServicesProblem(pass: Pass): string | undefined {
  const { trafficRouting, pingPong, canaryService, stableService } = pass.canary;
  if (trafficRouting === undefined || pingPong !== undefined) return undefined;
  if (trafficRouting.istio?.destinationRule !== undefined || trafficRouting.plugins !== undefined) return undefined;
  const message = 'Canary service and Stable service must to be set to use Traffic Routing';
  if ((stableService ?? '') === '') return invalid(`${PATH}.stableService`, '', message);
  return (canaryService ?? '') === '' ? invalid(`${PATH}.canaryService`, '', message) : undefined;
}

function routingProblem(pass: Pass): string | undefined {
  const { trafficRouting, scaleDownDelaySeconds, dynamicStableScale } = pass.canary;
  if (trafficRouting === undefined) {
    if (scaleDownDelaySeconds !== undefined) return invalid(`${PATH}.scaleDownDelaySeconds`, scaleDownDelaySeconds, DELAY_UNROUTED);
    return dynamicStableScale === true
      ? invalid(`${PATH}.dynamicStableScale`, true, 'Canary dynamicStableScale can only be used with traffic routing')
      : undefined;
  }
  if (dynamicStableScale === true && scaleDownDelaySeconds !== undefined) {
    return invalid(`${PATH}.dynamicStableScale`, true, 'Canary dynamicStableScale cannot be used with scaleDownDelaySeconds');
  }
  const { maxTrafficWeight, nginx, plugins } = trafficRouting;
  return maxTrafficWeight !== undefined && nginx === undefined && plugins === undefined
    ? invalid(`${PATH}.trafficRouting.maxTrafficWeight`, maxTrafficWeight, 'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins')
    : undefined;
}
